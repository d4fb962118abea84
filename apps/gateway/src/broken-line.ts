/** What operators read of an error that nobody foresaw: where it came from, never its message, which may repeat what was asked. */

export function brokenLine(error: unknown, trace?: string): string {
  const known = error instanceof Error ? error : undefined;
  const frames = (known?.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return JSON.stringify({
    level: 'error',
    broke: known?.name ?? typeof error,
    trace,
    at: frames.slice(0, 5).map((line) => line.trim()),
  });
}
