/** What an employment specialist records of the guidance: profile, contacts, talks with employers, jobs, progress, possibilities and funding. */
import { defineCommand, type CommandContext } from '@convenant/host';
import { dayOf, type Decider, type EventCatalogue } from '@convenant/kernel';
import {
  ContactRecorded,
  EmployerContactRecorded,
  JobChanged,
  JobEnded,
  JobStarted,
  PossibilityNoted,
  ProfileWritten,
  ProgressSummarised,
  contactEvents,
  contactInput,
  contactModes,
  contactRefusals,
  contactSettings,
  contacts,
  contactsStream,
  counterparts,
  employerContactEvents,
  employerContactInput,
  employerContacts,
  employerContactsStream,
  funding,
  fundingEvents,
  fundingRefusals,
  fundingStream,
  jobChangeInput,
  jobEndInput,
  jobEvents,
  jobInput,
  jobRefusals,
  jobs,
  jobsStream,
  milestones,
  possibilityInput,
  profileEvents,
  profileInput,
  profileRefusals,
  profileStream,
  progress,
  progressEvents,
  progressRefusals,
  progressStream,
  progressSummaryInput,
  vocationalProfile,
} from '@convenant/mental-health-domain';
import { sealFields } from '@convenant/shared-domain';
import { aboutClient, date, id } from '@convenant/shared-service';
import { z } from 'zod';
import { changed, entered } from './access-kinds.js';

const shared = { by: ['employmentSpecialist'], about: 'client', access: entered } as const;
const newId = (kind: string, { ports, session, requestId }: CommandContext): string =>
  ports.ids.derive(kind, session.person, requestId);

async function record<Command, Event extends { type: string }, State, Refusal extends string>(
  catalogue: EventCatalogue<Event>,
  decider: Decider<Command, Event, State, Refusal>,
  stream: string,
  command: Command,
  madeId: string,
  context: CommandContext,
) {
  const ran = await context.run(catalogue, decider, stream, command);
  return 'refused' in ran ? ran : { done: { id: madeId } };
}

export const writeProfile = defineCommand({
  name: 'writeProfile',
  ...shared,
  input: z.strictObject({ ...aboutClient, ...profileInput.shape, writtenOn: date.optional() }),
  refusals: profileRefusals,
  async handle({ clientId, writtenOn, ...values }, context) {
    const profileId = newId('profile', context);
    const { at, session, ports } = context;
    const sealed = await sealFields(ports.sealer, clientId, ProfileWritten, values);
    return record(
      profileEvents,
      vocationalProfile,
      profileStream(clientId),
      {
        type: 'WriteProfile',
        profileId,
        clientId,
        writtenOn: writtenOn ?? dayOf(at),
        writtenBy: session.person,
        at,
        ...sealed,
      },
      profileId,
      context,
    );
  },
});

export const recordContact = defineCommand({
  name: 'recordContact',
  ...shared,
  by: ['employmentSpecialist', 'caseManager'],
  input: z.strictObject({
    ...aboutClient,
    ...contactInput.shape,
    on: date,
    counterpart: z.enum(counterparts),
    mode: z.enum(contactModes),
    setting: z.enum(contactSettings),
    minutes: z.number().int().positive().max(1440).optional(),
  }),
  refusals: contactRefusals,
  async handle({ clientId, requestId: _requestId, note, ...contact }, context) {
    const contactId = newId('contact', context);
    const sealed = await sealFields(context.ports.sealer, clientId, ContactRecorded, { note });
    return record(
      contactEvents,
      contacts,
      contactsStream(clientId),
      { type: 'RecordContact', contactId, clientId, by: context.session.person, at: context.at, ...contact, ...sealed },
      contactId,
      context,
    );
  },
});

export const recordEmployerContact = defineCommand({
  name: 'recordEmployerContact',
  ...shared,
  input: z.strictObject({ ...aboutClient, ...employerContactInput.shape, on: date }),
  refusals: contactRefusals,
  async handle({ clientId, on, ...values }, context) {
    const contactId = newId('employer-contact', context);
    const sealed = await sealFields(context.ports.sealer, clientId, EmployerContactRecorded, values);
    return record(
      employerContactEvents,
      employerContacts,
      employerContactsStream(clientId),
      { type: 'RecordEmployerContact', contactId, clientId, on, by: context.session.person, at: context.at, ...sealed },
      contactId,
      context,
    );
  },
});

export const startJob = defineCommand({
  name: 'startJob',
  ...shared,
  input: z.strictObject({ ...aboutClient, ...jobInput.shape, startedOn: date }),
  refusals: jobRefusals,
  async handle({ clientId, startedOn, ...values }, context) {
    const jobId = newId('job', context);
    const sealed = await sealFields(context.ports.sealer, clientId, JobStarted, values);
    return record(
      jobEvents,
      jobs,
      jobsStream(clientId),
      { type: 'StartJob', jobId, clientId, startedOn, at: context.at, ...sealed },
      jobId,
      context,
    );
  },
});

export const changeJob = defineCommand({
  name: 'changeJob',
  ...shared,
  access: changed,
  input: z.strictObject({ ...aboutClient, ...jobChangeInput.shape, jobId: id, changedOn: date }),
  refusals: jobRefusals,
  async handle({ clientId, jobId, changedOn, ...values }, context) {
    const changeId = newId('job-change', context);
    const sealed = await sealFields(context.ports.sealer, clientId, JobChanged, values);
    return record(
      jobEvents,
      jobs,
      jobsStream(clientId),
      { type: 'ChangeJob', jobId, clientId, changeId, changedOn, at: context.at, ...sealed },
      jobId,
      context,
    );
  },
});

export const endJob = defineCommand({
  name: 'endJob',
  ...shared,
  access: changed,
  input: z.strictObject({ ...aboutClient, ...jobEndInput.shape, jobId: id, endedOn: date }),
  refusals: jobRefusals,
  async handle({ clientId, jobId, endedOn, ...values }, context) {
    const sealed = await sealFields(context.ports.sealer, clientId, JobEnded, values);
    return record(
      jobEvents,
      jobs,
      jobsStream(clientId),
      { type: 'EndJob', jobId, clientId, endedOn, at: context.at, ...sealed },
      jobId,
      context,
    );
  },
});

export const summariseProgress = defineCommand({
  name: 'summariseProgress',
  ...shared,
  input: z.strictObject({ ...aboutClient, on: date, summary: progressSummaryInput }),
  refusals: progressRefusals,
  async handle({ clientId, on, summary }, context) {
    const summaryId = newId('summary', context);
    const sealed = await sealFields(context.ports.sealer, clientId, ProgressSummarised, summary);
    return record(
      progressEvents,
      progress,
      progressStream(clientId),
      { type: 'SummariseProgress', summaryId, clientId, on, by: context.session.person, at: context.at, ...sealed },
      summaryId,
      context,
    );
  },
});

export const notePossibility = defineCommand({
  name: 'notePossibility',
  ...shared,
  by: ['employmentSpecialist', 'clinician', 'caseManager'],
  input: z.strictObject({ ...aboutClient, on: date, item: possibilityInput }),
  refusals: progressRefusals,
  async handle({ clientId, on, item }, context) {
    const itemId = newId('possibility', context);
    const sealed = await sealFields(context.ports.sealer, clientId, PossibilityNoted, item);
    return record(
      progressEvents,
      progress,
      progressStream(clientId),
      { type: 'NotePossibility', itemId, clientId, on, by: context.session.person, at: context.at, ...sealed },
      itemId,
      context,
    );
  },
});

export const dropPossibility = defineCommand({
  name: 'dropPossibility',
  ...shared,
  access: changed,
  by: ['employmentSpecialist', 'clinician', 'caseManager'],
  input: z.strictObject({ ...aboutClient, itemId: id, on: date }),
  refusals: progressRefusals,
  handle: ({ clientId, itemId, on }, context) =>
    record(
      progressEvents,
      progress,
      progressStream(clientId),
      { type: 'DropPossibility', itemId, clientId, on, at: context.at },
      itemId,
      context,
    ),
});

const money = { event: 'enter', action: 'C', activity: 'funding' } as const;
export const arrangeFunding = defineCommand({
  name: 'arrangeFunding',
  ...shared,
  by: ['employmentSpecialist', 'ipsProjectLeader'],
  access: money,
  input: z.strictObject({ ...aboutClient, scheme: id, from: date }),
  refusals: fundingRefusals,
  handle: ({ clientId, scheme, from }, context) =>
    record(
      fundingEvents,
      funding,
      fundingStream(clientId),
      { type: 'ArrangeFunding', clientId, scheme, from, at: context.at },
      scheme,
      context,
    ),
});

export const reachMilestone = defineCommand({
  name: 'reachMilestone',
  ...shared,
  by: ['employmentSpecialist', 'ipsProjectLeader'],
  access: money,
  input: z.strictObject({
    ...aboutClient,
    scheme: id,
    milestone: z.enum(milestones),
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  }),
  refusals: fundingRefusals,
  handle: ({ clientId, scheme, milestone, month }, context) =>
    record(
      fundingEvents,
      funding,
      fundingStream(clientId),
      { type: 'ReachMilestone', clientId, scheme, milestone, month, at: context.at },
      milestone,
      context,
    ),
});
