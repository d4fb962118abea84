/** An agency of nothing but the shared slices, that tells what it is given and answers a medical question, as any agency may. For the specs beside it. */
import { disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import {
  functionalPossibilitiesV1,
  jobFactsV1,
  medicalAnswerV1,
  medicalQuestionV1,
  progressSummaryV1,
  trajectoryStatusV1,
  vocationalProfileV1,
} from '@convenant/contracts';
import { clientOf } from '@convenant/exchange';
import type { ServiceDefinition } from '@convenant/host';
import { exampleService } from '@convenant/shared-service';

export const treatingSide: ServiceDefinition = {
  ...exampleService(
    {
      kind: 'mental-health',
      staff: ['caseManager', 'employmentSpecialist'],
      registerBy: ['caseManager'],
      proposeBy: ['caseManager'],
      leads: [],
      askBy: [],
    },
    [
      trajectoryStatusV1,
      vocationalProfileV1,
      functionalPossibilitiesV1,
      jobFactsV1,
      progressSummaryV1,
      medicalAnswerV1,
    ],
  ),
  receives: {
    /** Puts the permission for this one answer before the client, under the id that both sides derive. */
    'medical-question.v1': async ({ message, sender }, context) => {
      const clientId = await clientOf(context.ports.store, sender.id, message.subject);
      if (clientId === undefined) return 'waits';
      const { questionId, role } = medicalQuestionV1.schema.parse(message.data) as { questionId: string; role: string };
      await context.run(
        disclosureEvents,
        disclosure,
        disclosureStream(clientId),
        {
          type: 'Propose',
          consentId: context.ports.ids.derive('medical-question-consent', sender.id, questionId),
          source: 'mental-health',
          recipient: sender.id,
          recipientKind: sender.kind,
          roles: [role],
          purpose: 'medical-question',
          categories: ['K5'],
          validMonths: 3,
          singleUseFor: questionId,
          informationVersion: '2026-1',
          at: context.at,
        },
        { client: clientId },
      );
      return 'kept';
    },
  },
};
