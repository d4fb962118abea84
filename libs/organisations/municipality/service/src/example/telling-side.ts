/** An agency of nothing but the shared slices, that tells what the client allows. For the spec beside it. */
import { jobFactsV1, trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import { exampleService } from '@convenant/shared-service';

export const tellingSide = exampleService(
  {
    kind: 'mental-health',
    staff: ['caseManager'],
    registerBy: ['caseManager'],
    proposeBy: ['caseManager'],
    leads: [],
    askBy: [],
  },
  [jobFactsV1, trajectoryStatusV1, vocationalProfileV1],
);
