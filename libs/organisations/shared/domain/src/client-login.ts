/** The account that opens a client's page: hers or her representative's, activated by a code and ended by her, by staff, or by a newer one. */
import { representationBases, type RepresentationBasis } from '@convenant/consent';
import {
  accept,
  defineEvent,
  defineEvents,
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

export const LoginActivated = defineEvent('LoginActivated', {
  clear: {
    sub: z.string(),
    clientId: z.string(),
    as,
    basis: z.enum(representationBases).optional(),
    /** The code that did it. */
    codeDigest: z.string().optional(),
    at: instant,
  },
});
/** `replaced`: a newer login took its place. */
export const LoginEnded = defineEvent('LoginEnded', {
  clear: { sub: z.string(), clientId: z.string(), by: z.enum(['client', 'staff', 'replaced']).optional(), at: instant },
});
export const loginEvents = defineEvents(LoginActivated, LoginEnded);
export type LoginEvent = CatalogueEvent<typeof loginEvents>;
/** Read it to know whose client page an account may open; no view is needed for that. */
export const loginStream = (sub: string): string => `login-${sub}`;

export type LoginCommand =
  | (CommandFor<'ActivateLogin', EventOf<typeof LoginActivated>> & { readonly codeDigest: string })
  | { readonly type: 'EndLogin'; readonly by: NonNullable<EventOf<typeof LoginEnded>['by']>; readonly at: string };
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
  readonly basis?: RepresentationBasis | undefined;
  readonly ended: boolean;
  /** Codes that this account was activated with: none of them opens it a second time once it was ended. */
  readonly codes: readonly string[];
}

export const login: Decider<LoginCommand, LoginEvent, Login, LoginRefusal> = {
  initial: { ended: false, codes: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'LoginActivated': {
        const { sub, clientId, as, basis, codeDigest } = event;
        const codes = codeDigest === undefined ? state.codes : [...state.codes, codeDigest];
        return { sub, clientId, as, basis, ended: false, codes };
      }
      case 'LoginEnded':
        return { ...state, ended: true };
    }
  },
  decide(command, { sub, clientId, as, ended, codes }) {
    switch (command.type) {
      case 'ActivateLogin':
        if (clientId === undefined) return accept(happened('LoginActivated', command));
        if (clientId !== command.clientId || as !== command.as) return refuse('login-belongs-to-another-client');
        // A new letter opens it again; the old one does not.
        if (!codes.includes(command.codeDigest)) return accept(happened('LoginActivated', command));
        return ended ? refuse('login-ended') : accept();
      case 'EndLogin':
        if (sub === undefined || clientId === undefined) return refuse('login-unknown');
        return ended ? accept() : accept({ type: 'LoginEnded', sub, clientId, by: command.by, at: command.at });
    }
  },
};

/** From when until when a code kept this account open. The code is the one that it was activated with, or an account from before codes were noted. */
export function openedBy(
  codeDigest: string,
  events: readonly LoginEvent[],
): { readonly since: string; readonly endedAt?: string; readonly isOpen: boolean } | undefined {
  const start = events.findIndex(
    (event) => event.type === 'LoginActivated' && (event.codeDigest === undefined || event.codeDigest === codeDigest),
  );
  const activated = events[start];
  if (!activated) return undefined;
  const next = events[start + 1];
  return { since: activated.at, ...(next ? { endedAt: next.at } : {}), isOpen: next === undefined };
}
