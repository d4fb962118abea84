/** Loaded into a process before its program: it is asked to stop when whoever started it is gone, however that one ended. */
process.stdin.once('end', () => process.kill(process.pid, 'SIGTERM'));
process.stdin.resume();
(process.stdin as unknown as { unref?: () => void }).unref?.();
