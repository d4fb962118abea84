/** The history of an agency with many clients: about nine events each, as the deciders made them, without anybody having asked for them. */
import { randomUUID } from 'node:crypto';
import { consentTextVersion, disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import type { DisclosureCommand, ScopeKey } from '@convenant/consent';
import { clientRelations, relationEvents, relationsStream } from '@convenant/identity';
import {
  toNewEvents,
  type Decider,
  type EventCatalogue,
  type Ids,
  type NewEvent,
  type Opened,
  type Sealed,
  Sealer,
} from '@convenant/kernel';
import {
  ClientReferred,
  contactEvents,
  contacts,
  contactsStream,
  jobEvents,
  jobs,
  JobStarted,
  jobsStream,
  ProfileWritten,
  profileEvents,
  profileStream,
  referral,
  referralEvents,
  referralStream,
  trajectory,
  trajectoryEvents,
  trajectoryStream,
  vocationalProfile,
} from '@convenant/mental-health-domain';
import {
  ClientRegistered,
  clientRecord,
  clientRecordEvents,
  clientStream,
  nameForMatching,
  sealFields,
} from '@convenant/shared-domain';
import { synthetic } from './organisations.js';

export const specialist = 'specialist';
const at = '2026-01-05T09:00:00.000Z';
const day = '2026-01-05';

/** As long as what a sealer makes of a short text. Nobody ever opens it: for clients who only fill the log. */
export class NothingSealed extends Sealer {
  seal<T>(): Promise<Sealed<T>> {
    return Promise.resolve('s'.repeat(160) as Sealed<T>);
  }
  open<T>(): Promise<Opened<T>> {
    return Promise.resolve('erased');
  }
  digest(_clientId: string, text: string): Promise<string> {
    return Promise.resolve(text);
  }
  lookupDigest(): Promise<string> {
    return Promise.resolve(randomUUID());
  }
  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

export interface ClientHistory {
  readonly clientId: string;
  readonly appends: readonly { readonly stream: string; readonly events: readonly NewEvent[] }[];
}
/** The partner that she was introduced to and that recognised her, with the keys that it offered: everything may be told, and nothing was yet. */
export interface Introduced {
  readonly keys: readonly ScopeKey[];
}

/** `introduced` makes the difference between a client who fills the log and one with whom something is measured. */
export async function historyOf(
  number: number,
  sealer: Sealer,
  ids: Ids,
  recipient: string,
  introduced?: Introduced,
): Promise<ClientHistory> {
  const clientId = randomUUID();
  const decided = decidedFor(clientId, ids);
  const person = synthetic(number);
  const referralId = randomUUID();
  const jobId = randomUUID();
  const identity = await sealFields(sealer, clientId, ClientRegistered, person);
  const wish = await sealFields(sealer, clientId, ClientReferred, { workWish: 'werken als tuinder' });
  const job = await sealFields(sealer, clientId, JobStarted, {
    occupation: 'tuinder',
    regularPaid: true,
    contract: 'permanent',
    hoursPerWeek: 16,
  });
  const profile = introduced && {
    ...(await sealFields(sealer, clientId, ProfileWritten, {
      workWish: 'werken als tuinder',
      preferences: ['overdag'],
    })),
    profileId: randomUUID(),
  };
  const nameDigest = await sealer.lookupDigest(nameForMatching(person));
  const referredBy = 'case-manager';
  return {
    clientId,
    appends: [
      decided(clientStream(clientId), clientRecordEvents, clientRecord, [
        { type: 'RegisterClient', clientId, nameDigest, ...identity, at },
      ]),
      decided(relationsStream(clientId), relationEvents, clientRelations, [
        {
          type: 'BeginRelation',
          relationId: randomUUID(),
          // All measured ones have the same, who has as many clients in a long history as in a short one.
          holder: { person: introduced ? specialist : `specialist-${number % 10_000}`, role: 'employmentSpecialist' },
          kind: 'personal',
          from: at,
          at,
        },
      ]),
      decided(referralStream(referralId), referralEvents, referral, [
        {
          type: 'ReferClient',
          referralId,
          clientId,
          referredOn: day,
          referredBy,
          toSpecialist: specialist,
          at,
          ...wish,
        },
        { type: 'AcceptReferral', by: specialist, on: day, at },
      ]),
      decided(trajectoryStream(clientId), trajectoryEvents, trajectory, [
        {
          type: 'StartTrajectory',
          trajectoryId: referralId,
          referralId,
          clientId,
          referredOn: day,
          on: day,
          specialist,
          at,
        },
      ]),
      decided(disclosureStream(clientId), disclosureEvents, disclosure, consentAndWhatFollows(recipient, introduced)),
      decided(contactsStream(clientId), contactEvents, contacts, [contactWith(clientId)]),
      decided(jobsStream(clientId), jobEvents, jobs, [
        { type: 'StartJob', jobId, clientId, startedOn: day, at, ...job },
      ]),
      ...(profile
        ? [
            decided(profileStream(clientId), profileEvents, vocationalProfile, [
              { type: 'WriteProfile', clientId, writtenOn: day, writtenBy: specialist, at, ...profile },
            ]),
          ]
        : []),
    ],
  };
}

export const contactWith = (clientId: string) =>
  ({
    type: 'RecordContact',
    contactId: randomUUID() as string,
    clientId,
    on: day,
    by: specialist,
    counterpart: 'client',
    mode: 'in-person',
    setting: 'community',
    minutes: 45,
    at,
  }) as const;

function consentAndWhatFollows(recipient: string, introduced: Introduced | undefined): readonly DisclosureCommand[] {
  const consentId = randomUUID();
  const pseudonym = randomUUID();
  const categories = ['K1', 'K2', 'K3', 'K7'] as const;
  // Given today, or it would have ended before anything is measured.
  const given = new Date().toISOString();
  return [
    {
      type: 'Propose',
      consentId,
      source: 'mental-health',
      recipient,
      recipientKind: 'uwv',
      roles: ['labourExpert'],
      purpose: 'support',
      categories,
      validMonths: 12,
      informationVersion: consentTextVersion,
      at: given,
    },
    {
      type: 'Answer',
      consentId,
      answer: 'yes',
      categories,
      by: 'client',
      method: 'digital',
      language: 'nl',
      at: given,
    },
    ...(introduced
      ? ([
          { type: 'DrawPseudonym', recipient, pseudonym, at: given },
          { type: 'LearnScopeKeys', recipient, consentId, keys: introduced.keys, at: given },
          { type: 'AnswerIntroduction', recipient, pseudonym, linked: true, at: given },
        ] as const)
      : []),
  ];
}

/** Folds and decides as the host does, one command after the other; a refusal is a fault of this generator. */
const decidedFor =
  (clientId: string, ids: Ids) =>
  <Command, Event extends { type: string }, State, Refusal extends string>(
    stream: string,
    catalogue: EventCatalogue<Event>,
    decider: Decider<Command, Event, State, Refusal>,
    commands: readonly NoInfer<Command>[],
  ) => {
    let state = decider.initial;
    const events: Event[] = [];
    for (const command of commands) {
      const decision = decider.decide(command, state);
      if ('refused' in decision) throw new Error(`The history of a client was refused: ${decision.refused}.`);
      for (const event of decision.accepted) state = decider.evolve(state, event);
      events.push(...decision.accepted);
    }
    const actor = { kind: 'person', person: specialist, role: 'employmentSpecialist' } as const;
    return {
      stream,
      events: toNewEvents(catalogue, events, { at, actor, cause: randomUUID(), client: clientId }, ids, stream),
    };
  };
