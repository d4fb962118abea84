/** A physician's targeted question to the treating side (U11), as it is seen from the asker: asked, answered, or closed at its term. */
import { findContract, medicalAnswerV1, medicalQuestionV1 } from '@convenant/contracts';
import { introductions, type OutgoingFrom } from '@convenant/exchange';
import { defineCommand, defineQuery, type Reaction, type SystemContext } from '@convenant/host';
import { compareDates, dayOf, type EventOf, type StoredEvent } from '@convenant/kernel';
import { sealFields } from '@convenant/shared-domain';
import {
  MedicalQuestionAsked,
  askedQuestions,
  medicalQuestion,
  medicalQuestionEvents,
  medicalQuestionInput,
  medicalQuestionRefusals,
  medicalQuestionStream,
  questionText,
} from '@convenant/uwv-domain';
import { aboutClient, id, ofClient } from '@convenant/shared-service';
import { z } from 'zod';

const medical = { event: 'enter', action: 'C', activity: 'medical-question' } as const;

export const askMedicalQuestion = defineCommand({
  name: 'askMedicalQuestion',
  input: z.strictObject({ ...aboutClient, partner: id, question: medicalQuestionInput, follows: id.optional() }),
  by: ['insurancePhysician'],
  about: 'client',
  access: medical,
  refusals: {
    ...medicalQuestionRefusals,
    'unknown-institution': {
      nl: 'Deze instelling doet niet mee, of behandelt geen cliënten.',
      en: 'This institution does not take part, or treats no clients.',
    },
  },
  async handle({ clientId, partner, question, follows }, context) {
    if (context.ports.partners.find(partner)?.kind !== 'mental-health') return { refused: 'unknown-institution' };
    await context.upToDate();
    // Whether she is known there must not be read from the answer to this: without a name the question is kept and goes nowhere,
    // and at its term it looks like any other that nobody answered.
    const links = await context.views.find(introductions, 'client', clientId);
    const link = links.find(({ row }) => row.partner === partner && row.state === 'linked');
    const questionId = context.ports.ids.derive('medical-question', context.session.person, context.requestId);
    if (follows !== undefined) {
      // Only an answer about the same client from the same institution can be followed up.
      const [first] = await context.history(medicalQuestionEvents, medicalQuestionStream(follows));
      if (first?.type !== 'MedicalQuestionAsked' || first.clientId !== clientId || first.partner !== partner)
        return { refused: 'question-unknown' };
      const followed = await context.run(medicalQuestionEvents, medicalQuestion, medicalQuestionStream(follows), {
        type: 'AskFollowUp',
        followUpId: questionId,
        at: context.at,
      });
      if ('refused' in followed) return followed;
    }
    const asked = await context.run(medicalQuestionEvents, medicalQuestion, medicalQuestionStream(questionId), {
      type: 'AskMedicalQuestion',
      questionId,
      clientId,
      partner,
      pseudonym: link?.row.pseudonym ?? '',
      codeCount: question.codes.length,
      by: context.session.person,
      role: context.session.role,
      follows,
      at: context.at,
      ...(await sealFields(context.ports.sealer, clientId, MedicalQuestionAsked, {
        question: questionText(question),
        codes: question.codes,
      })),
    });
    return 'refused' in asked ? asked : { done: { id: questionId } };
  },
});

/** What travels: the question sealed to the organisation that is asked, and who will read the answer. */
export const sendMedicalQuestion: OutgoingFrom = async (stored, { signer, sealer }) => {
  const event = medicalQuestionEvents.decode(stored) as EventOf<typeof MedicalQuestionAsked>;
  const question = await sealer.open(event.question);
  if (typeof question === 'string' || event.pseudonym === '') return [];
  const { questionId, role, askedOn, expectedBy, follows, partner, pseudonym } = event;
  return [
    {
      recipient: partner,
      pseudonym,
      contract: medicalQuestionV1,
      data: {
        questionId,
        role,
        askedOn,
        expectedBy,
        ...(follows === undefined ? {} : { follows }),
        question: await signer.sealTo(partner, question.value),
      },
    },
  ];
};

/** The answer says in its sealed part which question it answers; which consent it came under says so too, and that we may know. */
export const noteAnswer: Reaction = {
  name: 'note-medical-answer',
  on: ['DisclosureReceived'],
  async react(stored: StoredEvent, context: SystemContext) {
    const { contract, consentId, messageId, clientId } = stored.data as {
      contract: string;
      consentId: string;
      messageId: string;
      clientId: string;
    };
    if (findContract(contract)?.name !== medicalAnswerV1.name) return;
    // While views are being rebuilt the question may not stand there yet, and this is not done a second time.
    await context.upToDate();
    const questions = await context.views.find(askedQuestions, 'clientId', clientId);
    const question = questions.find(
      ({ row }) =>
        context.ports.ids.derive('medical-question-consent', context.organisation.id, row.questionId) === consentId,
    );
    if (!question) return;
    await context.run(
      medicalQuestionEvents,
      medicalQuestion,
      medicalQuestionStream(question.row.questionId),
      { type: 'ReceiveMedicalAnswer', messageId, at: context.at },
      { client: clientId },
    );
  },
};

/** Closes what nobody answered, at the term and never earlier, whatever the reason was. */
export async function closeUnanswered(context: SystemContext): Promise<void> {
  for (const { row } of await context.views.find(askedQuestions, 'waiting', 'yes', { limit: 200 })) {
    // Soonest term first: after the first whose term still runs, none is due.
    if (compareDates(dayOf(context.at), row.expectedBy) <= 0) return;
    await context.run(
      medicalQuestionEvents,
      medicalQuestion,
      medicalQuestionStream(row.questionId),
      { type: 'CloseWithoutAnswer', at: context.at },
      { client: row.clientId, cause: row.questionId },
    );
  }
}

export const medicalQuestions = defineQuery({
  name: 'medicalQuestions',
  args: ofClient,
  by: ['insurancePhysician', 'physicianDelegate'],
  about: 'client',
  purpose: 'medical-question',
  access: { event: 'read', action: 'R', activity: 'medical-question' },
  async answer(_args, { views, reader, client }) {
    // Who may not read the medical channel does not learn how many questions there are either.
    if (!reader.may('K5')) return [];
    const rows = await views.find(askedQuestions, 'clientId', client);
    const received = (await reader.received()).filter(({ contract }) => contract === 'medical-answer.v1');
    return Promise.all(
      rows.map(async ({ row }) => {
        const answer = received.find(({ fields }) => fields['questionId'] === row.questionId);
        return {
          ...(await reader.own(askedQuestions, row)),
          clientId: client,
          answeredOn: answer?.fields['answeredOn'],
          answers: answer?.fields['answers'],
        };
      }),
    );
  },
});
