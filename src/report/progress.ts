import type { Emit, ProgressEvent } from '../events.js';
import { formatRef } from '../kube/object.js';
import { printable } from './printable.js';
import { styleFor } from './style.js';

/** Shows progress events on standard error, which leaves standard output to results. */
export interface ProgressReport {
  emit: Emit;
  /** Takes whatever moves off the screen; to be called before anything else is written. */
  stop(): void;
}

/** Counts come by the thousand; a line for each would be a log nobody reads. */
const COUNT_INTERVAL_MS = 1000;

/** Plain lines, for pipes, logs and CI. */
export function lineProgress(
  stream: NodeJS.WritableStream & { isTTY?: boolean },
  environment: NodeJS.ProcessEnv,
): ProgressReport {
  const style = styleFor(stream, environment);
  let countShown = performance.now();
  return {
    emit: (event) => {
      if (event.type === 'count') {
        if (performance.now() - countShown < COUNT_INTERVAL_MS) return;
        countShown = performance.now();
      }
      const line = describeEvent(event);
      if (line === undefined) return;
      const text = event.type === 'warning' ? style.yellow(line) : event.type === 'step' ? style.bold(line) : line;
      stream.write(`${text}\n`);
    },
    stop: () => undefined,
  };
}

/** The text of an event; undefined where it is not worth a line. */
export function describeEvent(event: ProgressEvent): string | undefined {
  const text = textOf(event);
  return text === undefined ? undefined : printable(text);
}

function textOf(event: ProgressEvent): string | undefined {
  switch (event.type) {
    case 'warning':
      return `Warning: ${event.message}`;
    case 'step':
      return event.message;
    case 'applied':
      return event.change === 'unchanged' ? undefined : `  ${formatRef(event.ref)} ${event.change}`;
    case 'deleted':
      return `  ${formatRef(event.ref)} ${event.existed ? 'deleted' : 'was gone already'}`;
    case 'readiness':
      return `  ${formatRef(event.ref)} ${event.ready ? 'is ready' : event.message}`;
    case 'count':
      return `  ${event.what}: ${event.done}${event.total === undefined ? '' : ` of ${event.total}`}`;
    case 'request':
      return `  ${event.line}`;
  }
}
