/** Plays the operations that the gateway's page offers, as somebody would who clicks them one after another and waits for the partners. */
import type { Installation } from './installation.js';
import { pause, type Refusal } from './person.js';

interface Operation {
  readonly who: string;
  readonly organisation: string;
  readonly title: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly keep?: Readonly<Record<string, string>>;
}
/** The page's own way to fill in variables, fetched from the gateway as a browser does. */
interface PageScript {
  knowPeople(organisations: unknown): void;
  fillIn(value: unknown): Readonly<Record<string, unknown>>;
  keepFrom(keep: Readonly<Record<string, string>>, data: unknown): void;
}
const isToBeRefused = ({ title }: Operation): boolean => title.includes('geweigerd');
const patienceMs = 60_000;

/** What went otherwise than the page says, in words. */
export async function playPage(installation: Installation): Promise<readonly string[]> {
  const get = (path: string): Promise<Response> => fetch(`${installation.gatewayUrl}${path}`);
  const operations = (await (await get('/operations.json')).json()) as readonly Operation[];
  const { organisations } = (await (await get('/settings.json')).json()) as { organisations: unknown };
  const source = await (await get('/page/story.js')).text();
  const page = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as PageScript;
  page.knowPeople(organisations);
  const otherwise: string[] = [];
  for (const operation of operations) {
    const found = await click(operation, installation, page);
    if (found !== undefined)
      otherwise.push(`${operation.who} at ${operation.organisation}, ${operation.title}: ${found}`);
  }
  return otherwise;
}

/** Clicked again for a while, because what a partner does takes a moment; a command that was carried out is not. */
async function click(operation: Operation, installation: Installation, page: PageScript): Promise<string | undefined> {
  const person = await installation.staff(operation.organisation, operation.who);
  for (const from = performance.now(); ;) {
    const { data, refused } = await person.send(operation.query, page.fillIn(operation.variables));
    const outcome = Object.values(data ?? {})[0] as { refused?: Refusal | null } | null | undefined;
    const code = refused?.code ?? outcome?.refused?.code;
    if (isToBeRefused(operation)) return code === undefined ? 'it was answered' : undefined;
    const missing = Object.entries(operation.keep ?? {}).filter(([, path]) => typeof at(path, data) !== 'string');
    if (code === undefined && missing.length === 0) {
      page.keepFrom(operation.keep ?? {}, data);
      return undefined;
    }
    if (performance.now() - from > patienceMs)
      return code ?? `there is no ${missing.map(([name]) => name).join(', ')} to keep`;
    await pause(300);
  }
}

const at = (path: string, data: unknown): unknown =>
  path.split('.').reduce<unknown>((value, part) => (value as Record<string, unknown> | null | undefined)?.[part], data);
