/**
 * Runs `run` soon after each `request`, but never twice at a time and never sooner than `intervalMs` after the last run
 * began; requests in between become one. The first run waits `delayMs`. Nothing runs once the signal has aborted. `run`
 * must not reject.
 */
export function throttle(
  run: () => Promise<void>,
  { intervalMs, delayMs, signal }: { intervalMs: number; delayMs: number; signal: AbortSignal },
): { request(): void } {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let requested = false;
  let notBefore = Date.now() + delayMs;

  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });

  function request(): void {
    requested = true;
    if (timer !== undefined || running || signal.aborted) return;
    timer = setTimeout(() => void start(), Math.max(0, notBefore - Date.now()));
  }

  async function start(): Promise<void> {
    timer = undefined;
    requested = false;
    running = true;
    notBefore = Date.now() + intervalMs;
    await run();
    running = false;
    if (requested) request();
  }

  return { request };
}
