/** How a client or her representative gets a login of her own: a code that works once, and from then on her own account. */
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
const as = z.enum(['client', 'representative']);

export const ActivationCodeIssued = defineEvent('ActivationCodeIssued', {
  /** `basis`: why a representative may act, in the words of the law's list. Digests only: the code itself is on the letter and nowhere else. */
  clear: {
    clientId: z.string(),
    codeDigest: z.string(),
    expiresAt: instant,
    as,
    basis: z.string().optional(),
    at: instant,
  },
});
export const ActivationCodeUsed = defineEvent('ActivationCodeUsed', {
  clear: {
    clientId: z.string(),
    codeDigest: z.string(),
    sub: z.string(),
    as,
    basis: z.string().optional(),
    at: instant,
  },
});
export const accessEvents = defineEvents(ActivationCodeIssued, ActivationCodeUsed);
export type AccessEvent = CatalogueEvent<typeof accessEvents>;
export const accessStream = (clientId: string): string => `access-${clientId}`;

export type AccessCommand =
  | CommandFor<'IssueActivationCode', EventOf<typeof ActivationCodeIssued>>
  | { readonly type: 'UseActivationCode'; readonly codeDigest: string; readonly sub: string; readonly at: string };
export type AccessRefusal = 'code-unknown' | 'code-expired' | 'code-already-used' | 'basis-missing';
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
  'basis-missing': {
    nl: 'Leg vast op welke grond de vertegenwoordiger mag optreden.',
    en: 'Record on what ground the representative may act.',
  },
} as const satisfies Refusals<AccessRefusal>;

type IssuedCode = Pick<EventOf<typeof ActivationCodeIssued>, 'clientId' | 'expiresAt' | 'as' | 'basis'> & {
  readonly usedBy?: string;
};
export interface Access {
  readonly codes: Readonly<Record<string, IssuedCode>>;
}

export const clientAccess: Decider<AccessCommand, AccessEvent, Access, AccessRefusal> = {
  initial: { codes: {} },
  evolve(state, event) {
    switch (event.type) {
      case 'ActivationCodeIssued': {
        const { clientId, expiresAt, as, basis } = event;
        return { codes: { ...state.codes, [event.codeDigest]: { clientId, expiresAt, as, basis } } };
      }
      case 'ActivationCodeUsed': {
        const code = state.codes[event.codeDigest];
        return code ? { codes: { ...state.codes, [event.codeDigest]: { ...code, usedBy: event.sub } } } : state;
      }
    }
  },
  decide(command, state) {
    const code = state.codes[command.codeDigest];
    switch (command.type) {
      case 'IssueActivationCode':
        if (code) return accept();
        if (command.as === 'representative' && !command.basis) return refuse('basis-missing');
        return accept(happened('ActivationCodeIssued', command));
      case 'UseActivationCode': {
        if (!code) return refuse('code-unknown');
        if (code.usedBy === command.sub) return accept();
        if (code.usedBy !== undefined) return refuse('code-already-used');
        if (!isBefore(command.at, code.expiresAt)) return refuse('code-expired');
        const { clientId, as, basis } = code;
        return accept({ ...happened('ActivationCodeUsed', command), clientId, as, basis });
      }
    }
  },
};

export const LoginActivated = defineEvent('LoginActivated', {
  clear: { sub: z.string(), clientId: z.string(), as, basis: z.string().optional(), at: instant },
});
/** Somebody's access ended: a representative whose ground fell away, or an account that was taken over. */
export const LoginEnded = defineEvent('LoginEnded', {
  clear: { sub: z.string(), clientId: z.string(), at: instant },
});
export const loginEvents = defineEvents(LoginActivated, LoginEnded);
export type LoginEvent = CatalogueEvent<typeof loginEvents>;
/** Read it to know whose client page an account may open; no view is needed for that. */
export const loginStream = (sub: string): string => `login-${sub}`;

export type LoginCommand =
  CommandFor<'ActivateLogin', EventOf<typeof LoginActivated>> | { readonly type: 'EndLogin'; readonly at: string };
export type LoginRefusal = 'login-belongs-to-another-client' | 'login-unknown' | 'login-ended';
export const loginRefusals = {
  'login-belongs-to-another-client': {
    nl: 'Met deze inlog wordt al een andere cliëntpagina geopend.',
    en: 'This login already opens another client page.',
  },
  'login-unknown': { nl: 'Deze inlog is hier niet bekend.', en: 'This login is not known here.' },
  'login-ended': {
    nl: 'Deze inlog is beëindigd. Vraag een nieuwe code aan.',
    en: 'This login has ended. Ask for a new code.',
  },
} as const satisfies Refusals<LoginRefusal>;

export interface Login {
  readonly sub?: string;
  readonly clientId?: string;
  readonly as?: 'client' | 'representative';
  readonly basis?: string | undefined;
  readonly ended: boolean;
}

export const login: Decider<LoginCommand, LoginEvent, Login, LoginRefusal> = {
  initial: { ended: false },
  evolve(state, event) {
    switch (event.type) {
      case 'LoginActivated':
        return { sub: event.sub, clientId: event.clientId, as: event.as, basis: event.basis, ended: false };
      case 'LoginEnded':
        return { ...state, ended: true };
    }
  },
  decide(command, { sub, clientId, as, ended }) {
    switch (command.type) {
      case 'ActivateLogin':
        if (clientId === undefined) return accept(happened('LoginActivated', command));
        if (ended) return refuse('login-ended');
        return clientId === command.clientId && as === command.as
          ? accept()
          : refuse('login-belongs-to-another-client');
      case 'EndLogin':
        if (sub === undefined || clientId === undefined) return refuse('login-unknown');
        return ended ? accept() : accept({ type: 'LoginEnded', sub, clientId, at: command.at });
    }
  },
};
