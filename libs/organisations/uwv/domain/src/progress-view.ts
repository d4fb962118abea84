/** What a physician reviews (U10), ordered from the facts that were disclosed: how the work goes, what was tried, what helps. */
import type {
  functionalPossibilitiesV1,
  jobFactsV1,
  progressSummaryV1,
  vocationalProfileV1,
  ValuesOf,
} from '@convenant/contracts';

type Job = ValuesOf<typeof jobFactsV1>['jobs'][number];
type Summary = ValuesOf<typeof progressSummaryV1>['summaries'][number];
type Possibility = ValuesOf<typeof functionalPossibilitiesV1>['items'][number];

/** The newest state of each contract that this reader may open now, opened; absent ones are not told apart from each other. */
export interface DisclosedProgress {
  readonly jobs?: readonly Job[] | undefined;
  readonly summaries?: readonly Summary[] | undefined;
  readonly possibilities?: readonly Possibility[] | undefined;
  readonly profile?: ValuesOf<typeof vocationalProfileV1> | undefined;
}

export interface ProgressView {
  /** Hours and regularity over time, oldest first. */
  readonly workingPattern?: readonly Pick<Summary, 'on' | 'hoursPerWeek' | 'regularity'>[];
  readonly work?: readonly Job[];
  /** Work that ended: what was tried. */
  readonly tried?: readonly Job[];
  readonly support?: readonly Pick<Summary, 'on' | 'supportNeeded' | 'adjustments' | 'agreedSteps'>[];
  /** Each with its author and date, newest first. */
  readonly possibilities?: readonly Possibility[];
  readonly profile?: ValuesOf<typeof vocationalProfileV1>;
}

/** A heading without facts is absent, whether nothing happened or nothing was told: nobody can read from it which (U09). */
export function progressView({
  jobs = [],
  summaries = [],
  possibilities = [],
  profile,
}: DisclosedProgress): ProgressView {
  const inOrder = [...summaries].sort((a, b) => a.on.localeCompare(b.on));
  const byStart = [...jobs].sort((a, b) => a.startedOn.localeCompare(b.startedOn));
  const view: ProgressView = {
    workingPattern: inOrder.map(({ on, hoursPerWeek, regularity }) => ({ on, hoursPerWeek, regularity })),
    work: byStart.filter(({ endedOn }) => endedOn === undefined),
    tried: byStart.filter(({ endedOn }) => endedOn !== undefined),
    support: inOrder.map(({ on, supportNeeded, adjustments, agreedSteps }) => ({
      on,
      supportNeeded,
      ...(adjustments === undefined ? {} : { adjustments }),
      ...(agreedSteps === undefined ? {} : { agreedSteps }),
    })),
    possibilities: [...possibilities].sort((a, b) => b.on.localeCompare(a.on)),
  };
  const present = Object.entries(view).filter(([, items]) => (items as readonly unknown[]).length > 0);
  return { ...Object.fromEntries(present), ...(profile && { profile }) };
}
