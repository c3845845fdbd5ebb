import ora from 'ora';
import { formatRef, keyOf } from '../kube/object.js';
import { oneLine } from './printable.js';
import { describeEvent, type ProgressReport } from './progress.js';
import { styleFor } from './style.js';

/** How many objects that are not ready are shown under the spinner. */
const SHOWN = 8;

/**
 * A spinner with the present step, and under it each object that is still waited for and why; what is done scrolls up as lines.
 */
export function liveProgress(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv): ProgressReport {
  const style = styleFor(stream, environment);
  // The first Ctrl-C is the command's business, and so is what the user types; whether this display fits, the caller's.
  const spinner = ora({ stream, isEnabled: true, discardStdin: false, color: 'cyan' });
  const waiting = new Map<string, { name: string; message: string }>();
  let step = '';
  let count = '';

  const redraw = (): void => {
    const { columns, rows } = sizeOf(stream);
    const line = (indent: number, text: string): string => ' '.repeat(indent) + clip(text, columns - indent - 1);
    // What has scrolled off the top cannot be taken off the screen again.
    const most = Math.max(1, Math.min(SHOWN, Math.floor((rows - 5) / 2)));
    const shown = [...waiting.values()]
      .slice(0, most)
      .flatMap(({ name, message }) => [line(4, name), style.dim(line(6, message))]);
    const more = waiting.size > most ? [`    and ${waiting.size - most} more`] : [];
    const counted = count === '' ? [] : [line(4, count)];
    const left = waiting.size === 0 ? '' : ` (${waiting.size} not yet)`;
    // The spinner and a space stand before the first line.
    spinner.text = [clip(`${step}${left}`, columns - 3), ...counted, ...shown, ...more].join('\n');
  };
  const print = (line: string): void => {
    spinner.clear();
    stream.write(`${line}\n`);
    if (spinner.isSpinning) spinner.render();
  };

  return {
    emit: (event) => {
      if (event.type === 'step') {
        step = event.message;
        count = '';
        waiting.clear();
        redraw();
        if (!spinner.isSpinning) spinner.start();
        return;
      }
      if (event.type === 'count') {
        count = describeEvent(event)!.trim();
        redraw();
        return;
      }
      if (event.type === 'readiness') {
        const key = keyOf(event.ref);
        if (event.ready) {
          waiting.delete(key);
          print(`${style.green('✓')} ${formatRef(event.ref)} is ready`);
        } else {
          waiting.set(key, { name: formatRef(event.ref), message: event.message });
        }
        redraw();
        return;
      }
      const line = describeEvent(event);
      if (line !== undefined) print(event.type === 'warning' ? style.yellow(line) : line);
    },
    stop: () => {
      spinner.stop();
    },
  };
}

function sizeOf({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

/** One line of the screen: a line that wraps cannot be taken off it again. */
function clip(text: string, width: number): string {
  const line = oneLine(text);
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
