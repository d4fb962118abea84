/** What holds for a health insurer: it tells nothing, and keeps nothing but who its insured are. */
import { describe, expect, it } from '@jest/globals';
import { disclosureContracts } from '@convenant/contracts';
import { compositions, insurerCatalogues, insurerViews } from './catalogue.js';

describe('a health insurer', () => {
  it('is the sender of no disclosure contract', () => {
    expect(disclosureContracts.filter(({ from }) => from.includes('insurer'))).toEqual([]);
    expect(compositions).toEqual([]);
  });
  it('stores and shows no category of its own but identity', () => {
    const sealed = insurerCatalogues.flatMap(({ definitions }) =>
      definitions.flatMap((each) => Object.values(each.sealed)),
    );
    const columns = insurerViews.flatMap((view) => Object.values(view.columns));
    expect(new Set(sealed.map(({ category }) => category))).toEqual(new Set(['K1']));
    expect(new Set(columns.map(({ category }) => category))).toEqual(new Set(['own', 'K1']));
  });
});
