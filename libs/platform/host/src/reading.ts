/** What one person may read about one client now: each column and each received fact is asked of the matrix or the register before it is opened. */
import type { AccessRecord } from '@convenant/access-log';
import { decideReading, type Policy, type Purpose, type RegisteredConsent } from '@convenant/consent';
import { clientIntroducedV1, contractId, findContract, partSchema } from '@convenant/contracts';
import {
  introductions,
  received,
  receivedEvents,
  receivedFacts,
  receivedStream,
  registeredConsents,
  takenIntoDecisions,
  type KeyUse,
  type ReceivedEvent,
  type ReceivedFactRow,
  type TakenRow,
} from '@convenant/exchange';
import type { Session, WorkingRelation } from '@convenant/identity';
import { compareDates, dayOf, fold, type Category, type Sealed, type View } from '@convenant/kernel';
import type { Ports } from './definition.js';
import type { ViewReader } from './view-runner.js';

/** Sealed columns hold their value; columns that this person may not read are absent. */
export type Readable<Row> = {
  readonly [K in keyof Row]?: Exclude<Row[K], undefined> extends Sealed<infer T> ? T : Row[K];
};

/** One contract's facts as a partner disclosed them, with what the client's permission covers. */
export interface ReceivedFact {
  readonly discloser: string;
  readonly contract: string;
  readonly category: Category;
  readonly messageId: string;
  readonly consentId: string;
  readonly purpose: Purpose;
  /** The moment of the state that was told: shown with it, so that nothing old reads as present. */
  readonly asOf: string;
  /** Until when the client's permission runs. */
  readonly until: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
/** What the client's permission covers for the purpose at hand, whether or not anything was told under it. */
export interface Covered {
  readonly discloser: string;
  readonly consentId: string;
  readonly purpose: Purpose;
  /** Those that this person may read. */
  readonly categories: readonly Category[];
  readonly from: string;
  readonly until: string;
}
/** A permission that there was, and is no longer. */
export interface CoverEnded {
  readonly discloser: string;
  readonly purpose: Purpose;
  readonly at: string;
}
export interface TakenFact extends Omit<TakenRow, 'content'> {
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Reader {
  readonly client: string;
  readonly relation: WorkingRelation | undefined;
  /** Whether this person may read this category of the organisation's own records. */
  may(category: Category): boolean;
  /** The columns of an own row that this person may read, opened. What was erased is absent too. */
  own<Event extends { type: string }, Row extends object>(view: View<Event, Row>, row: Row): Promise<Readable<Row>>;
  /** One sealed value of the organisation's own. */
  open<T>(category: Category, sealed: Sealed<T> | undefined): Promise<T | undefined>;
  /** What partners disclosed for the purpose at hand and may be shown to this person now. */
  received(): Promise<readonly ReceivedFact[]>;
  /** What her permission covers, and what has ended without anything in its place. */
  covered(): Promise<{ readonly open: readonly Covered[]; readonly ended: readonly CoverEnded[] }>;
  /** What was taken into one decision: readable through that decision, also after the scope was closed. */
  taken(decisionId: string): Promise<readonly TakenFact[]>;
  /** Everything that was taken about her, for the client's own list. Without contents. */
  allTaken(): Promise<readonly Omit<TakenRow, 'content'>[]>;
  /** What goes into the access log about this reading. */
  read(): Pick<AccessRecord, 'categories' | 'consents' | 'relation' | 'policyVersion'>;
}

export interface ReaderOf {
  readonly client: string;
  readonly relation: WorkingRelation | undefined;
  readonly session: Session;
  readonly purpose: Purpose;
  readonly policy: Policy;
  readonly kind: 'mental-health' | 'uwv' | 'municipality' | 'insurer' | 'covenant';
  readonly at: string;
  readonly ports: Ports;
  readonly views: ViewReader;
}

/** The introduction itself is a fact that was told: kept beside the others, it is read by the same rules. */
function introductionIn({
  events,
  register,
}: {
  events: readonly ReceivedEvent[];
  register: readonly RegisteredConsent[];
}): readonly ReceivedFactRow[] {
  const introduction = events.findLast((event) => event.type === 'IntroductionReceived');
  const consent = register.find(({ consentId }) => consentId === introduction?.consentId);
  if (!introduction || !consent) return [];
  const { discloser, pseudonym, messageId, consentId, part, at } = introduction;
  const { version: consentVersion, purpose, until } = consent;
  return [
    {
      clientId: '',
      discloser,
      pseudonym,
      consentId,
      consentVersion,
      purpose,
      contract: contractId(clientIntroducedV1),
      messageId,
      asOf: at,
      until,
      ...part,
    },
  ];
}

export function createReader({ client, relation, session, purpose, policy, kind, at, ports, views }: ReaderOf): Reader {
  const herself = session.role === 'client' || session.role === 'representative';
  const categories = new Set<Category>();
  const consents = new Set<string>();
  const asked = {
    kind,
    role: session.role,
    relation: relation && { kind: relation.kind, responsible: relation.responsible },
    purpose,
    now: at,
    subject: herself ? ('self' as const) : ('other' as const),
  };
  const mayOwn = new Map<Category, boolean>();

  const may = (category: Category): boolean => {
    const known = mayOwn.get(category);
    if (known !== undefined) return known;
    const allowed = 'permit' in decideReading({ ...asked, category, source: { of: 'own' } }, [], policy);
    mayOwn.set(category, allowed);
    return allowed;
  };
  const open: Reader['open'] = async (category, sealed) => {
    if (sealed === undefined || !may(category)) return undefined;
    const opened = await ports.sealer.open(sealed);
    categories.add(category);
    return typeof opened === 'string' ? undefined : opened.value;
  };
  let known: ReturnType<typeof readRegisters> | undefined;
  /** Once per question: it is about one moment. */
  const registers = (): ReturnType<typeof readRegisters> => (known ??= readRegisters());
  const readRegisters = async (): Promise<
    readonly { partner: string; events: readonly ReceivedEvent[]; register: readonly RegisteredConsent[] }[]
  > => {
    const links = await views.find(introductions, 'client', client);
    return Promise.all(
      links.map(async ({ row: { partner, pseudonym } }) => {
        const events = (await ports.store.read(receivedStream(partner, pseudonym))).map(
          (event) => receivedEvents.decode(event) as ReceivedEvent,
        );
        return { partner, events, register: registeredConsents(fold(received, events), at) };
      }),
    );
  };
  const openReceived = async (
    row: ReceivedFactRow,
    register: readonly RegisteredConsent[],
  ): Promise<ReceivedFact | undefined> => {
    const category = row.category as Category;
    if (!herself && row.purpose !== purpose) return undefined;
    const verdict = decideReading(
      {
        ...asked,
        purpose: herself ? (row.purpose as Purpose) : purpose,
        category,
        source: { of: 'received', consentId: row.consentId },
      },
      register,
      policy,
    );
    if (!('permit' in verdict)) return undefined;
    // A delegate opens what the physician may open; which delegate it was stands in the log. A medical answer does not open for the client
    // here: she reads it where it was written, before it leaves.
    const role = relation?.kind === 'delegate' ? relation.holderRole : session.role;
    const use: KeyUse = { use: 'read', role, person: session.person, assigned: relation !== undefined };
    // What was never sealed to this key is the sender's fault: it must not make everything else about her unreadable.
    const opened = await ports.scopeKeys
      .open<Record<string, unknown>>(row.keyId, row.sealedText, use)
      .catch(() => ({ value: undefined as never }));
    if (typeof opened === 'string') return undefined;
    const contract = findContract(row.contract);
    if (contract?.kind !== 'disclosure' || !partSchema(contract, category).safeParse(opened.value).success) {
      ports.operatorLog.note('warning', 'received-part-unreadable', {
        contract: row.contract,
        discloser: row.discloser,
      });
      return undefined;
    }
    categories.add(category);
    consents.add(row.consentId);
    return {
      discloser: row.discloser,
      contract: row.contract,
      category,
      messageId: row.messageId,
      consentId: row.consentId,
      purpose: row.purpose as Purpose,
      asOf: row.asOf,
      until: row.until,
      fields: opened.value,
    };
  };

  return {
    client,
    relation,
    may,
    open,
    async own(view, row) {
      const values = await Promise.all(
        Object.entries(row).map(async ([name, value]): Promise<readonly [string, unknown]> => {
          const column = view.columns[name as keyof typeof row];
          if (!column || value === undefined || value === null) return [name, undefined];
          if (column.category === 'own') return [name, value];
          if (!may(column.category)) return [name, undefined];
          if (column.sealed) return [name, await open(column.category, value as Sealed<unknown>)];
          categories.add(column.category);
          return [name, value];
        }),
      );
      return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as never;
    },
    async received() {
      const links = await registers();
      const rows = [
        ...(await views.find(receivedFacts, 'client', client)).map(({ row }) => row),
        ...links.flatMap(introductionIn),
      ];
      const facts = await Promise.all(
        rows.map((row) =>
          openReceived(
            row,
            links.filter(({ partner }) => partner === row.discloser).flatMap(({ register }) => register),
          ),
        ),
      );
      return facts.filter((fact) => fact !== undefined);
    },
    async covered() {
      const mine = (await registers()).flatMap(({ events, register }) =>
        register.filter((consent) => herself || consent.purpose === purpose).map((consent) => ({ consent, events })),
      );
      const readable = (
        { consentId, purpose: given, categories: named }: RegisteredConsent,
        all: readonly RegisteredConsent[],
      ) =>
        named.filter(
          (category) =>
            'permit' in
            decideReading({ ...asked, purpose: given, category, source: { of: 'received', consentId } }, all, policy),
        );
      const open = mine.flatMap(({ consent, events }): Covered[] => {
        const { consentId, discloser, purpose: given, until } = consent;
        const from = events.find((event) => event.type === 'ConsentRegistered' && event.consentId === consentId)?.at;
        const readableNow = readable(consent, [consent]);
        return from === undefined || readableNow.length === 0
          ? []
          : [{ discloser, consentId, purpose: given, categories: readableNow, from, until }];
      });
      const ended = mine.flatMap(
        ({ consent: { consentId, discloser, purpose: given, roles }, events }): CoverEnded[] => {
          const closing = events.findLast((event) => event.type === 'ScopeClosed' && event.consentId === consentId);
          const wasMine = herself || roles.includes(relation?.kind === 'delegate' ? relation.holderRole : session.role);
          const isOver = closing?.type === 'ScopeClosed' && (closing.how === 'ended' || closing.how === 'expired');
          const replaced = mine.some(
            ({ consent }) => consent.discloser === discloser && consent.purpose === given && consent.closed === false,
          );
          return isOver && wasMine && !replaced ? [{ discloser, purpose: given, at: closing.at }] : [];
        },
      );
      for (const { consentId } of open) consents.add(consentId);
      return { open, ended };
    },
    async taken(decisionId) {
      const rows = await views.find(takenIntoDecisions, 'decision', decisionId);
      const facts = await Promise.all(
        rows
          // The term is the law's: after its last day the item is no longer read through the decision either.
          .filter(({ row }) => row.clientId === client && compareDates(dayOf(at), row.until) <= 0)
          .map(async ({ row }) => {
            const category = row.category as Category;
            if (!('permit' in decideReading({ ...asked, category, source: { of: 'taken', decisionId } }, [], policy)))
              return undefined;
            const { content, ...about } = row;
            const opened = await ports.sealer.open(content as Sealed<Record<string, unknown>>);
            if (typeof opened === 'string') return undefined;
            categories.add(category);
            return { ...about, fields: opened.value };
          }),
      );
      return facts.filter((fact) => fact !== undefined);
    },
    async allTaken() {
      const rows = await views.find(takenIntoDecisions, 'client', client);
      return rows.map(({ row: { content: _content, ...about } }) => about);
    },
    read: () => ({
      categories: [...categories].sort(),
      consents: [...consents].sort(),
      relation: herself ? (session.role === 'client' ? 'self' : 'representative') : (relation?.kind ?? 'none'),
      policyVersion: policy.version,
    }),
  };
}
