/** The code on a letter by which a client or her representative gets a login of her own: it works once, with her date of birth, for a month. */
import { representationBases, staffRoles } from '@convenant/consent';
import {
  accept,
  defineEvent,
  defineEvents,
  isBefore,
  refuse,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import { z } from 'zod';
import { happened, type CommandFor } from './command.js';

const instant = z.iso.datetime();
/** Digests only: the code itself is on the letter and nowhere else. */
const whichCode = { clientId: z.string(), codeDigest: z.string() };
/** `basis`: why a representative may act. */
const whoActs = { as: z.enum(['client', 'representative']), basis: z.enum(representationBases).optional() };

export const ActivationCodeIssued = defineEvent('ActivationCodeIssued', {
  clear: {
    ...whichCode,
    expiresAt: instant,
    ...whoActs,
    issuedBy: z.string().optional(),
    issuedByRole: z.enum(staffRoles).optional(),
    at: instant,
  },
});
/** Somebody had the code and entered another date of birth than hers. */
export const ActivationCodeTried = defineEvent('ActivationCodeTried', {
  clear: { ...whichCode, tryId: z.string(), at: instant },
});
export const ActivationCodeUsed = defineEvent('ActivationCodeUsed', {
  clear: { ...whichCode, sub: z.string(), ...whoActs, at: instant },
});
/** A code that nobody used is worth nothing any more: she did not ask for it, or it was lost. */
export const ActivationCodeEnded = defineEvent('ActivationCodeEnded', { clear: { ...whichCode, at: instant } });
export const accessEvents = defineEvents(
  ActivationCodeIssued,
  ActivationCodeTried,
  ActivationCodeUsed,
  ActivationCodeEnded,
);
export type AccessEvent = CatalogueEvent<typeof accessEvents>;
export const accessStream = (clientId: string): string => `access-${clientId}`;

export type AccessCommand =
  | CommandFor<'IssueActivationCode', EventOf<typeof ActivationCodeIssued>>
  /** Whether the date was hers is found before; counting is done here, so that many tries at one moment are still three. */
  | {
      readonly type: 'UseActivationCode';
      readonly codeDigest: string;
      readonly sub: string;
      readonly tryId: string;
      readonly dateMatches: boolean;
      readonly at: string;
    }
  | { readonly type: 'EndActivationCode'; readonly codeDigest: string; readonly at: string };
export type AccessRefusal =
  'code-unknown' | 'code-expired' | 'code-already-used' | 'code-ended' | 'date-does-not-match' | 'basis-missing';
export const accessRefusals = {
  'code-unknown': {
    nl: 'Deze code klopt niet. Kijk of u hem goed hebt overgenomen.',
    en: 'This code is not right. Check whether you copied it correctly.',
  },
  'code-expired': {
    nl: 'Deze code is verlopen. Vraag een nieuwe aan.',
    en: 'This code has expired. Ask for a new one.',
  },
  'code-already-used': {
    nl: 'Deze code is al gebruikt. Was u dat niet zelf? Meld het dan meteen.',
    en: 'This code was used before. If that was not you, report it at once.',
  },
  'code-ended': {
    nl: 'Deze code werkt niet meer. Vraag een nieuwe aan.',
    en: 'This code does not work any more. Ask for a new one.',
  },
  'date-does-not-match': {
    nl: 'De geboortedatum hoort niet bij deze code. Na drie keer werkt de code niet meer.',
    en: 'The date of birth does not belong to this code. After three times the code stops working.',
  },
  'basis-missing': {
    nl: 'Leg vast op welke grond de vertegenwoordiger mag optreden.',
    en: 'Record on what ground the representative may act.',
  },
} as const satisfies Refusals<AccessRefusal>;

/** Somebody who finds a letter does not know the date; somebody who types badly gets another try. */
export const triesPerCode = 3;

export interface IssuedCode extends Pick<
  EventOf<typeof ActivationCodeIssued>,
  'clientId' | 'codeDigest' | 'expiresAt' | 'as' | 'basis' | 'issuedByRole'
> {
  readonly issuedAt: string;
  readonly tries: readonly string[];
  readonly usedBy?: string;
  readonly usedAt?: string;
  readonly endedAt?: string;
}
export interface Access {
  readonly codes: Readonly<Record<string, IssuedCode>>;
  /** In the order in which they were used: the last one of its kind leads to the living login. */
  readonly used: readonly string[];
}

export const clientAccess: Decider<AccessCommand, AccessEvent, Access, AccessRefusal> = {
  initial: { codes: {}, used: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'ActivationCodeIssued': {
        const { type: _type, issuedBy: _issuedBy, at: issuedAt, ...code } = event;
        return { ...state, codes: { ...state.codes, [event.codeDigest]: { ...code, issuedAt, tries: [] } } };
      }
      case 'ActivationCodeTried':
        return changed(state, event, ({ tries }) => ({
          tries: [...tries, event.tryId],
          ...(tries.length + 1 >= triesPerCode ? { endedAt: event.at } : {}),
        }));
      case 'ActivationCodeUsed': {
        const after = changed(state, event, () => ({ usedBy: event.sub, usedAt: event.at }));
        return { ...after, used: [...after.used, event.codeDigest] };
      }
      case 'ActivationCodeEnded':
        return changed(state, event, () => ({ endedAt: event.at }));
    }
  },
  decide(command, state) {
    const { codeDigest, at } = command;
    const code = Object.hasOwn(state.codes, codeDigest) ? state.codes[codeDigest] : undefined;
    switch (command.type) {
      case 'IssueActivationCode':
        if (code) return accept();
        if (command.as === 'representative' && !command.basis) return refuse('basis-missing');
        return accept(happened('ActivationCodeIssued', command));
      case 'UseActivationCode': {
        if (!code) return refuse('code-unknown');
        if (code.tries.includes(command.tryId)) return accept();
        if (code.usedBy === command.sub) return command.dateMatches ? accept() : refuse('date-does-not-match');
        if (code.usedBy !== undefined) return refuse('code-already-used');
        if (code.endedAt !== undefined) return refuse('code-ended');
        if (!isBefore(at, code.expiresAt)) return refuse('code-expired');
        const { clientId, as, basis } = code;
        if (!command.dateMatches)
          return accept({ type: 'ActivationCodeTried', clientId, codeDigest, tryId: command.tryId, at });
        return accept({ type: 'ActivationCodeUsed', clientId, codeDigest, sub: command.sub, as, basis, at });
      }
      case 'EndActivationCode':
        if (!code) return refuse('code-unknown');
        if (code.usedBy !== undefined) return refuse('code-already-used');
        return code.endedAt === undefined
          ? accept({ type: 'ActivationCodeEnded', clientId: code.clientId, codeDigest, at })
          : accept();
    }
  },
};

function changed(
  state: Access,
  { codeDigest }: { readonly codeDigest: string },
  change: (code: IssuedCode) => Partial<IssuedCode>,
): Access {
  const code = state.codes[codeDigest];
  return code ? { ...state, codes: { ...state.codes, [codeDigest]: { ...code, ...change(code) } } } : state;
}

/** Codes that lead to one and the same place: the client's own, or one representative's on one ground. Of these, one login lives. */
export const isSameKind = (one: Pick<IssuedCode, 'as' | 'basis'>, other: Pick<IssuedCode, 'as' | 'basis'>): boolean =>
  one.as === other.as && one.basis === other.basis;
