/** What an operator is told when a program may not listen where its settings say: which setting to change, and why. */

export interface ListensAt {
  readonly host: string;
  readonly port: number;
  readonly hostSetting: string;
  readonly portSetting: string;
}

const namesNothingHere = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EINVAL']);

/** One sentence; `undefined` for an error that has nothing to do with any of these places. */
export function whyNotListening(error: unknown, places: readonly ListensAt[]): string | undefined {
  const { code, syscall, port, hostname } = error as NodeJS.ErrnoException & { port?: number; hostname?: string };
  if (syscall === 'getaddrinfo') {
    const named = namesOf(places.filter(({ host }) => host === hostname).map(({ hostSetting }) => hostSetting));
    return named && namesNothingHere.has(code ?? '') ? `${named} names no address of this machine.` : undefined;
  }
  const here = syscall === 'listen' ? places.filter((place) => place.port === port) : [];
  const ports = namesOf(here.map(({ portSetting }) => portSetting));
  if (ports === undefined) return undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use by another program. Choose another one with ${ports}, or stop that program.`;
  if (code === 'EACCES')
    return `This program may not listen at port ${port}. Choose one above 1023 with ${ports}, or give it the right to.`;
  if (code !== undefined && namesNothingHere.has(code))
    return `${namesOf(here.map(({ hostSetting }) => hostSetting))} names no address of this machine.`;
  return undefined;
}

/** What `start` resolves with. When it cannot listen, it rejects with the sentence; every other error is passed on as it is. */
export async function listeningAt<T>(places: readonly ListensAt[], start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const sentence = whyNotListening(error, places);
    throw sentence === undefined ? error : new Error(sentence, { cause: error });
  }
}

const namesOf = (settings: readonly string[]): string | undefined =>
  settings.length === 0 ? undefined : [...new Set(settings)].join(' or ');
