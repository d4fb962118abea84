/** What a physician reviews (U10): working pattern, kind of work, support and its effect, what was tried, possibilities; and under what permission. */
import {
  contractId,
  functionalPossibilitiesV1,
  jobFactsV1,
  progressSummaryV1,
  vocationalProfileV1,
} from '@convenant/contracts';
import { defineQuery, type QueryContext } from '@convenant/host';
import { dayOf } from '@convenant/kernel';
import { categoriesInWords, ofClient, organisationName } from '@convenant/shared-service';
import { progressView } from '@convenant/uwv-domain';

type Reader = QueryContext['reader'];

export const progress = defineQuery({
  name: 'progress',
  args: ofClient,
  by: ['insurancePhysician', 'physicianDelegate', 'labourExpert'],
  about: 'client',
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'progress-review' },
  async answer(_args, { reader }) {
    const received = (await reader.received()).toSorted((a, b) => a.asOf.localeCompare(b.asOf));
    const contracts = [jobFactsV1, progressSummaryV1, functionalPossibilitiesV1, vocationalProfileV1];
    // Of the same facts told twice, under two permissions or by two agencies, the newest state counts.
    const [jobs, summaries, possibilities, profile] = contracts.map((contract) =>
      received.findLast((fact) => fact.contract === contractId(contract)),
    );
    const shown = [jobs, summaries, possibilities, profile].filter((fact) => fact !== undefined);
    return {
      ...progressView({
        jobs: jobs?.fields['jobs'] as never,
        summaries: summaries?.fields['summaries'] as never,
        possibilities: possibilities?.fields['items'] as never,
        profile: profile?.fields as never,
      }),
      lines: await lines(reader),
      asOf: shown
        .map(({ asOf }) => asOf)
        .sort()
        .at(-1),
      toldBy: [...new Set(shown.map(({ discloser }) => discloser))].sort(),
      basedOn: [...new Set(shown.map(({ messageId }) => messageId))].sort(),
    };
  },
});

/** On every page with disclosed facts, the same three (U09): what the permission covers, whose each fact is, and that nothing follows from what is not here. */
async function lines(reader: Reader) {
  const { open } = await reader.covered();
  const covers = open
    .toSorted((a, b) => `${a.discloser} ${a.consentId}`.localeCompare(`${b.discloser} ${b.consentId}`))
    .map(({ discloser, categories, from, until }) => ({
      name: organisationName(discloser),
      words: categoriesInWords(categories),
      from: dayOf(from),
      until: dayOf(until),
    }));
  return [
    {
      nl:
        covers
          .map(
            ({ name, words, from, until }) =>
              `${name} mag u met toestemming van de cliënt vertellen: ${words.map(({ nl }) => nl).join('; ')}; van ${from} tot ${until}.`,
          )
          .join(' ') || 'Er is nu geen toestemming voor dit doel.',
      en:
        covers
          .map(
            ({ name, words, from, until }) =>
              `With the client's permission ${name} may tell you: ${words.map(({ en }) => en).join('; ')}; from ${from} until ${until}.`,
          )
          .join(' ') || 'There is no permission for this purpose now.',
    },
    {
      nl: 'Bij elk gegeven staat hoe het was op welke datum; onder de lijst staat van wie het komt.',
      en: 'Each fact says as of which date; below the list stands who told it.',
    },
    {
      nl: 'Dit is wat voor dit doel gedeeld is. Trek geen conclusie uit wat hier niet staat.',
      en: 'This is what was shared for this purpose. Draw no conclusion from what is not here.',
    },
  ];
}
