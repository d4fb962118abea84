/** What an operator is told when a program may not listen where its settings say: which setting to change, and why. */

export interface ListensAt {
  readonly host: string;
  readonly port: number;
  readonly hostSetting: string;
  readonly portSetting: string;
}

interface MachineError extends NodeJS.ErrnoException {
  readonly address?: string;
  /** Left out for any free port. */
  readonly port?: number;
  readonly hostname?: string;
}

/** One sentence without the host; `undefined` for an error that has nothing to do with any of these places. */
export function whyNotListening(error: unknown, places: readonly ListensAt[]): string | undefined {
  const { code, syscall, address, port = 0, hostname } = error as MachineError;
  if (syscall === 'getaddrinfo') {
    const hosts = namesOf(places.filter(({ host }) => host === hostname).map(({ hostSetting }) => hostSetting));
    if (hosts === undefined) return undefined;
    return code === 'EAI_AGAIN' ? `What ${hosts} names could not be looked up.` : namesNothing(hosts);
  }
  if (syscall !== 'listen') return undefined;
  const here = places.filter((place) => place.port === port);
  const ports = namesOf(here.map(({ portSetting }) => portSetting));
  const hosts = namesOf(here.filter(({ host }) => host === address).map(({ hostSetting }) => hostSetting));
  if (code === 'EADDRINUSE' && ports !== undefined)
    return `Port ${port} is in use by another program. Choose another one with ${ports}, or stop that program.`;
  if (code === 'EACCES' && ports !== undefined)
    return `This program may not listen at port ${port}. Choose one above 1023 with ${ports}, or give it the right to.`;
  if ((code === 'EADDRNOTAVAIL' || code === 'EINVAL') && hosts !== undefined) return namesNothing(hosts);
  return undefined;
}

const namesNothing = (hosts: string): string => `${hosts} names no address of this machine.`;

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
