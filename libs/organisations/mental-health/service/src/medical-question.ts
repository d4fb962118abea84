/** A physician's question at the treating side (U11): it arrives, the clinician drafts facts, the client reads them, and only then they are released. */
import { disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import { medicalQuestionV1, type ValuesOf } from '@convenant/contracts';
import { clientOf, type Handled, type Incoming } from '@convenant/exchange';
import { defineCommand, defineQuery, type CommandContext, type SystemContext } from '@convenant/host';
import { dayOf } from '@convenant/kernel';
import {
  AnswerDrafted,
  MedicalQuestionReceived,
  answerInput,
  answersToRead,
  medicalQuestion,
  medicalQuestionEvents,
  medicalQuestionRefusals,
  medicalQuestionStream,
  questionsToAnswer,
  type MedicalQuestionCommand,
} from '@convenant/mental-health-domain';
import { sealFields } from '@convenant/shared-domain';
import { id, nothing, requestId } from '@convenant/shared-service';
import { z } from 'zod';
import { nameOf } from './names.js';

const medical = { event: 'add', action: 'U', activity: 'medical-question' } as const;

/** Keeps the question, and puts the permission for this one answer before the client. Waits while we do not know the client under this name. */
export async function receiveMedicalQuestion({ message, sender }: Incoming, context: SystemContext): Promise<Handled> {
  const clientId = await clientOf(context.ports.store, sender.id, message.subject);
  if (clientId === undefined) return 'waits';
  const asked = medicalQuestionV1.schema.parse(message.data) as ValuesOf<typeof medicalQuestionV1>;
  const question = await context.ports.signer.openOwn(asked.question);
  if (typeof question !== 'string') return 'waits';
  const consentId = context.ports.ids.derive('medical-question-consent', sender.id, asked.questionId);
  const received = await context.run(
    medicalQuestionEvents,
    medicalQuestion,
    medicalQuestionStream(asked.questionId),
    {
      type: 'ReceiveMedicalQuestion',
      questionId: asked.questionId,
      clientId,
      from: sender.id,
      role: asked.role,
      askedOn: asked.askedOn,
      expectedBy: asked.expectedBy,
      follows: asked.follows,
      consentId,
      at: context.at,
      ...(await sealFields(context.ports.sealer, clientId, MedicalQuestionReceived, { question })),
    },
    { client: clientId },
  );
  if ('refused' in received) return 'kept';
  await context.run(
    disclosureEvents,
    disclosure,
    disclosureStream(clientId),
    {
      type: 'Propose',
      consentId,
      source: context.organisation.kind,
      recipient: sender.id,
      recipientKind: sender.kind,
      roles: [asked.role],
      purpose: 'medical-question',
      categories: ['K5'],
      validMonths: 3,
      singleUseFor: asked.questionId,
      informationVersion: '2026-1',
      at: context.at,
    },
    { client: clientId, cause: 'proposal' },
  );
  return 'kept';
}

const clientOfQuestion = async (
  { questionId }: { questionId: string },
  context: SystemContext,
): Promise<string | undefined> =>
  (await context.history(medicalQuestionEvents, medicalQuestionStream(questionId)))[0]?.clientId;
const shared = {
  about: 'client',
  clientOf: clientOfQuestion,
  access: medical,
  refusals: medicalQuestionRefusals,
} as const;
const step = z.strictObject({ requestId, questionId: id, draftId: id });

async function record(questionId: string, command: MedicalQuestionCommand, madeId: string, context: CommandContext) {
  const ran = await context.run(medicalQuestionEvents, medicalQuestion, medicalQuestionStream(questionId), command);
  return 'refused' in ran ? ran : { done: { id: madeId } };
}

export const draftAnswer = defineCommand({
  name: 'draftAnswer',
  ...shared,
  by: ['clinician'],
  input: z.strictObject({ requestId, questionId: id, ...answerInput.shape }),
  async handle({ questionId, answers }, context) {
    const draftId = context.ports.ids.derive('draft', context.session.person, context.requestId);
    const sealed = await sealFields(context.ports.sealer, context.client, AnswerDrafted, { answers });
    return record(
      questionId,
      { type: 'DraftAnswer', draftId, by: context.session.person, at: context.at, ...sealed },
      draftId,
      context,
    );
  },
});
export const offerAnswerToClient = defineCommand({
  name: 'offerAnswerToClient',
  ...shared,
  by: ['clinician'],
  input: step,
  handle: ({ questionId, draftId }, context) =>
    record(
      questionId,
      { type: 'OfferAnswerToClient', draftId, by: context.session.person, at: context.at },
      draftId,
      context,
    ),
});
/** The client has read the text. She does not agree to anything by it: her consent for this answer is a question of its own. */
export const readAnswer = defineCommand({
  name: 'readAnswer',
  ...shared,
  by: ['client', 'representative'],
  input: step,
  handle: ({ questionId, draftId }, context) =>
    record(
      questionId,
      {
        type: 'ReadAnswer',
        draftId,
        by: context.session.role === 'client' ? 'client' : 'representative',
        at: context.at,
      },
      draftId,
      context,
    ),
});
export const releaseAnswer = defineCommand({
  name: 'releaseAnswer',
  ...shared,
  by: ['clinician'],
  input: step,
  handle: ({ questionId, draftId }, context) =>
    record(
      questionId,
      { type: 'ReleaseAnswer', draftId, by: context.session.person, on: dayOf(context.at), at: context.at },
      draftId,
      context,
    ),
});
/** The asker is told nothing: for her the term runs out. */
export const declineQuestion = defineCommand({
  name: 'declineQuestion',
  ...shared,
  by: ['clinician'],
  input: z.strictObject({ requestId, questionId: id }),
  handle: ({ questionId }, context) =>
    record(questionId, { type: 'DeclineQuestion', by: context.session.person, at: context.at }, questionId, context),
});

const readMedical = { event: 'read', action: 'R', activity: 'medical-question' } as const;
export const medicalQuestionsToAnswer = defineQuery({
  name: 'medicalQuestionsToAnswer',
  args: nothing,
  by: ['clinician'],
  about: 'list',
  purpose: 'medical-question',
  access: { ...readMedical, event: 'list' },
  async answer(_args, context) {
    const rows = await context.views.find(questionsToAnswer, 'open', 'yes');
    const shown = await Promise.all(
      rows.map(async ({ row }) => {
        const reader = await context.readerFor(row.clientId);
        return reader && { ...(await reader.own(questionsToAnswer, row)), ...(await nameOf(reader, context)) };
      }),
    );
    return shown.filter((row) => row !== undefined);
  },
});
export const answersForMe = defineQuery({
  name: 'answersForMe',
  args: nothing,
  by: ['client', 'representative'],
  about: 'client',
  purpose: 'medical-question',
  access: { ...readMedical, activity: 'client-access' },
  async answer(_args, { views, client, reader }) {
    const rows = await views.find(answersToRead, 'clientId', client);
    return Promise.all(rows.map(({ row }) => reader.own(answersToRead, row)));
  },
});
/** What physicians ask about her, from the day it came: she decides about an answer knowing the question. Texts she sees once they were put before her. */
export const medicalQuestionsAboutMe = defineQuery({
  name: 'medicalQuestionsAboutMe',
  args: nothing,
  by: ['client', 'representative'],
  about: 'client',
  purpose: 'medical-question',
  access: { ...readMedical, activity: 'client-access' },
  async answer(_args, { views, client, reader }) {
    const rows = await views.find(questionsToAnswer, 'clientId', client);
    return Promise.all(
      rows.map(({ row: { answers, draftId, ...question } }) => {
        const wasOffered = question.state === 'offered' || question.state === 'read' || question.state === 'released';
        return reader.own(questionsToAnswer, wasOffered ? { ...question, draftId, answers } : question);
      }),
    );
  },
});
