/** A server process that does not outlive whoever started it, however that one ends. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface KeptProcess {
  readonly processId: number;
  readonly ended: Promise<void>;
  isOver(): boolean;
  /** Asks it to stop, insists after a while, and resolves when it and its folder are gone. */
  stop(): Promise<void>;
  /** Asks it to stop, and resolves when it is gone; its folder stays. */
  halt(): Promise<void>;
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** The shell beside the server tells it to stop when its own input ends, and removes its folder: that happens also when this process is killed. */
const keeper = `
exec 3<&0
[ "$FILE_BLOCKS" ] && ulimit -f "$FILE_BLOCKS"
"$0" "$@" </dev/null 3<&- >>"$OUTPUT" 2>&1 & server=$!
echo $server
exec >/dev/null 2>&1
( cat <&3; : >"$FOLDER/asked-to-stop"; kill -TERM $server; sleep "$PATIENCE"; kill -KILL $server ) & keeper=$!
exec 3<&-
wait $server; code=$?
kill $keeper
[ -e "$FOLDER/asked-to-stop" ] && { [ "$MOUNTED" ] && umount "$MOUNTED"; rm -rf "$FOLDER"; }
exit $code
`;

const patienceMs = 15_000;

export interface KeptDisk {
  /** A file system that was mounted in the folder, and goes with it. */
  readonly mounted?: string;
  /** No file of the process grows further: writing on fails (EFBIG). */
  readonly largestFileBytes?: number;
}

/** Standard output and error go to the file `output` in its folder. */
export async function keep(
  command: string,
  args: readonly string[],
  folder: string,
  output: string,
  { mounted, largestFileBytes }: KeptDisk = {},
): Promise<KeptProcess> {
  const child = spawn('/bin/sh', ['-c', keeper, command, ...args], {
    // Out of the reach of the terminal's Ctrl-C, which is for this process to answer.
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      LC_ALL: 'C',
      FOLDER: folder,
      OUTPUT: join(folder, output),
      PATIENCE: String(patienceMs / 1000),
      ...(mounted === undefined ? {} : { MOUNTED: mounted }),
      // The shell counts in blocks of 512 bytes.
      ...(largestFileBytes === undefined ? {} : { FILE_BLOCKS: String(Math.floor(largestFileBytes / 512)) }),
    },
  });
  let over = false;
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => resolve()).once('error', () => resolve()),
  ).then(() => void (over = true));
  child.stdin.on('error', () => undefined);
  const processId = await new Promise<number>((resolve) => {
    child.stdout.once('data', (data: Buffer) => resolve(Number.parseInt(data.toString(), 10)));
    void ended.then(() => resolve(0));
  });
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref?: () => void }).unref?.();
  const gone = async (): Promise<void> => {
    child.ref();
    await ended;
  };
  return {
    processId,
    ended,
    isOver: () => over,
    stop() {
      child.stdin.end();
      return gone();
    },
    halt() {
      if (!over) process.kill(processId, 'SIGTERM');
      return gone();
    },
    kill() {
      if (!over) process.kill(processId, 'SIGKILL');
      return gone();
    },
  };
}
