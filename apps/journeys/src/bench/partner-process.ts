/** A partner in a process of its own, as it is deployed: says on the channel to whoever started it what was saved in its view of received facts. */
import { receivedFacts, type ReceivedFactRow } from '@convenant/exchange';
import { withoutDriverWarnings } from '@convenant/exchange-kafka';
import type { LaunchedOrganisation } from '@convenant/launch';
import { municipalityService } from '@convenant/municipality-service';
import { uwvService } from '@convenant/uwv-service';
import { Run } from './benchmark.js';
import { Colleague, startHere, transportThrough, type Place, type synthetic } from './organisations.js';

/** The rows of one save, by client and contract. */
export type Saved = readonly Pick<ReceivedFactRow, 'clientId' | 'contract'>[];
export type Asked =
  | {
      readonly ask: 'start';
      readonly id: string;
      readonly kind: PartnerKind;
      readonly place: Place;
      readonly brokers: readonly string[];
    }
  | { readonly ask: 'register'; readonly person: ReturnType<typeof synthetic> }
  | { readonly ask: 'settle' };
export type Told = { readonly saved: Saved } | { readonly number: number; readonly answer: string } | Failed;
interface Failed {
  readonly number: number;
  readonly failed: string;
}

/** What is started, and who registers clients there. */
const partners = {
  uwv: { definition: uwvService, registrar: 'benefitsAdviser' },
  municipality: { definition: municipalityService, registrar: 'clientManager' },
} as const;
export type PartnerKind = keyof typeof partners;

const tell = (told: Told): void => void process.send?.(told);
const run = new Run({
  quick: false,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  onNotMeasured: () => undefined,
});
let partner: LaunchedOrganisation | undefined;
let registrar: Colleague | undefined;

async function answer(asked: Asked): Promise<string> {
  if (asked.ask === 'start') {
    const { id, kind, place, brokers } = asked;
    const { definition, registrar: role } = partners[kind];
    const transport = transportThrough(run, { brokers: [...brokers] });
    partner = await startHere(run, { id, definition }, place, transport);
    registrar = new Colleague(partner, 'registrar', role);
    tellWhatIsSaved(partner);
    return id;
  }
  if (!partner || !registrar) throw new Error('The partner was not started yet.');
  if (asked.ask === 'settle') return partner.service.settle().then(() => '');
  return (await registrar.does('registerClient', asked.person)).id ?? '';
}

function tellWhatIsSaved({ ports: { views } }: LaunchedOrganisation): void {
  const save = views.save.bind(views);
  views.save = async (view, expected, next, changes) => {
    const isSaved = await save(view, expected, next, changes);
    const rows = changes.flatMap((change) => (change.kind === 'put' ? [change.row as unknown as ReceivedFactRow] : []));
    if (isSaved && view.name === receivedFacts.name && rows.length > 0)
      tell({ saved: rows.map(({ clientId, contract }) => ({ clientId, contract })) });
    return isSaved;
  };
}

withoutDriverWarnings();
process.on('message', ({ number, ...asked }: Asked & { readonly number: number }) => {
  answer(asked as Asked).then(
    (given) => tell({ number, answer: given }),
    (error: unknown) =>
      tell({ number, failed: `${error instanceof Error ? error.message : 'It failed.'} ${run.notes.join(' ')}` }),
  );
});
// Whoever started it is done with it, or gone.
process.once('disconnect', () => void run.stop().finally(() => process.exit()));
