/** What can be asked of a client's disclosure stream: by the client, her professionals, a partner's message, the clock and the door. */
import type { Category, OrganisationKind, Sealed } from '@convenant/kernel';
import type { AskedFor, Permit, SharingVerdict } from './decide.js';
import type { WithheldReason } from './disclosure-events.js';
import type { ScopeKey } from './disclosure-state.js';
import type { ConsentCategory, Method, Purpose, RepresentationBasis, StaffRole } from './vocabulary.js';

export type DecidedBy = 'client' | 'representative';

interface Recipient {
  readonly recipient: string;
  readonly recipientKind: OrganisationKind;
  readonly roles: readonly string[];
}
interface Scope extends Recipient {
  /** The kind of the organisation whose stream this is: the one that would tell. */
  readonly source: OrganisationKind;
  readonly purpose: Purpose;
  readonly categories: readonly ConsentCategory[];
}
interface HowAnswered {
  /** Needed when a representative says yes: why she may. */
  readonly basis?: RepresentationBasis | undefined;
  readonly method?: Method | undefined;
  /** Who writes down what she said on paper or aloud; absent when she answers herself. */
  readonly recordedBy?: { readonly person: string; readonly role: StaffRole } | undefined;
  /** Needed when somebody else records it: where the paper is, or who witnessed it. */
  readonly evidence?: Sealed<string> | undefined;
  readonly ownWords?: Sealed<string> | undefined;
  readonly language?: string | undefined;
}

/** A question to the client. Asking again after a withdrawal is a proposal with a new id. */
export interface Propose extends Scope {
  readonly type: 'Propose';
  readonly consentId: string;
  readonly dataFrom?: string | undefined;
  /** At most 12. */
  readonly validMonths: number;
  readonly askId?: string | undefined;
  /** Medical data can only be asked for one answer to one question. */
  readonly singleUseFor?: string | undefined;
  readonly informationVersion: string;
  readonly at: string;
}
/** A first answer, a changed mind after `no` or `not today`, or a wider `yes` to what was given in part. */
export type Answer = {
  readonly type: 'Answer';
  readonly consentId: string;
  readonly by: DecidedBy;
  readonly at: string;
} & (
  | ({
      readonly answer: 'yes';
      readonly categories: readonly ConsentCategory[];
      readonly method: Method;
      readonly language: string;
    } & HowAnswered)
  | ({ readonly answer: 'no' } & HowAnswered)
  | ({ readonly answer: 'not-today'; readonly askAgainOn: string } & HowAnswered)
);

export type DisclosureCommand =
  | Propose
  | Answer
  | {
      readonly type: 'Narrow';
      readonly consentId: string;
      readonly remove: readonly ConsentCategory[];
      readonly by: DecidedBy;
      readonly at: string;
    }
  /** One consent, or all that are given. `until` defaults to 90 days, the longest that a pause can last. */
  | ({
      readonly type: 'Pause';
      readonly until?: string | undefined;
      readonly by: DecidedBy;
      readonly at: string;
    } & ({ readonly consentId: string } | { readonly all: true }))
  | { readonly type: 'Resume'; readonly consentId: string; readonly by: DecidedBy; readonly at: string }
  | {
      readonly type: 'Withdraw';
      readonly consentId: string;
      readonly by: DecidedBy | 'staff-at-her-request';
      readonly at: string;
    }
  | { readonly type: 'StopEverything'; readonly by: DecidedBy | 'staff-at-her-request'; readonly at: string }
  | { readonly type: 'Expire'; readonly now: string }
  | {
      readonly type: 'Object';
      readonly objectionId: string;
      readonly recipient?: string | undefined;
      readonly recipientKind?: OrganisationKind | undefined;
      readonly purpose?: Purpose | undefined;
      readonly categories?: readonly ConsentCategory[] | undefined;
      readonly by: DecidedBy;
      readonly at: string;
    }
  | { readonly type: 'LiftObjection'; readonly objectionId: string; readonly by: DecidedBy; readonly at: string }
  /** A recipient asks the client through us. */
  | ({ readonly type: 'Ask'; readonly askId: string; readonly at: string } & Scope)
  /** Changes nothing when there is a name already; `again` draws a new one after the recipient answered "not ours". */
  | {
      readonly type: 'DrawPseudonym';
      readonly recipient: string;
      readonly pseudonym: string;
      readonly again?: boolean | undefined;
      readonly at: string;
    }
  | { readonly type: 'LearnPseudonym'; readonly recipient: string; readonly pseudonym: string; readonly at: string }
  /** Keys for what is not granted (any more) are left aside. */
  | {
      readonly type: 'LearnScopeKeys';
      readonly recipient: string;
      readonly consentId: string;
      /** The version that the keys were made for, when the recipient named it. */
      readonly consentVersion?: number | undefined;
      readonly keys: readonly ScopeKey[];
      readonly at: string;
    }
  | {
      readonly type: 'AnswerIntroduction';
      readonly recipient: string;
      readonly pseudonym: string;
      readonly linked: boolean;
      readonly at: string;
    }
  /** Takes the permit itself; it is decided again on the state at hand, so a withdrawal that came in between wins. */
  | {
      readonly type: 'RecordDisclosed';
      readonly permit: Permit;
      readonly messageId: string;
      readonly pseudonym: string;
      readonly asOf: string;
      readonly contentDigest: string;
      readonly parts: readonly {
        readonly category: ConsentCategory;
        readonly keyId: string;
        readonly sealedText: string;
      }[];
      readonly content: Sealed<Record<string, unknown>>;
      readonly at: string;
    }
  | { readonly type: 'RecordStopped'; readonly messageId: string; readonly reason: WithheldReason; readonly at: string }
  | {
      readonly type: 'RecordWithheld';
      readonly recipient: string;
      readonly recipientKind: OrganisationKind;
      readonly purpose?: Purpose | undefined;
      readonly contract: string;
      readonly categories: readonly Category[];
      readonly reason: WithheldReason;
      readonly policyVersion: string;
      readonly asked?: AskedFor | undefined;
      readonly at: string;
    }
  /** Proof is never refused for coming early or unasked: a recipient may close more than it was told to. */
  | {
      readonly type: 'AcknowledgeClosing';
      readonly recipient: string;
      readonly consentId: string;
      readonly consentVersion: number;
      readonly keyIds: readonly string[];
      readonly closedAt: string;
      readonly proof: string;
      /** This log was set back to a backup once: then a proof may be of a closing that it has lost. */
      readonly wasSetBack?: boolean;
      readonly at: string;
    }
  /** Takes the decision that was asked before the call; told without cover is recorded as `covered: false`. */
  | ({
      readonly type: 'TellOutside';
      readonly toldId: string;
      readonly medium: 'spoken' | 'paper';
      readonly purpose: Purpose;
      readonly categories: readonly ConsentCategory[];
      readonly verdict: SharingVerdict;
      readonly at: string;
    } & Recipient);

export const disclosureRefusalCodes = [
  'unknown-consent',
  'consent-id-taken',
  'purpose-never',
  'never-shared',
  'empty-scope',
  'role-unknown',
  'validity-too-long',
  'question-missing',
  'unknown-ask',
  'ask-differs',
  'not-offered',
  'already-given',
  'not-wider',
  'consent-ended',
  'consent-paused',
  'basis-missing',
  'ask-again-not-later',
  'nothing-left',
  'not-given',
  'pause-too-long',
  'client-only',
  'pause-ran-out',
  'no-longer-valid',
  'objection-id-taken',
  'unknown-objection',
  'ask-id-taken',
  'pseudonym-exists',
  'unknown-pseudonym',
  'foreign-consent',
  'permit-not-issued',
  'no-longer-permitted',
  'more-than-permitted',
  'message-id-taken',
  'unknown-message',
  'told-id-taken',
  'objection-stands',
  'already-asked',
  'no-open-question',
  'medical-answer-is-hers',
  'she-said-no',
  'evidence-missing',
  'money-matters-only',
] as const;
export type DisclosureRefusal = (typeof disclosureRefusalCodes)[number];
