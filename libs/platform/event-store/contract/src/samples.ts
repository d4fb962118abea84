/** Events, rows and messages that the suites write: made up, and told apart by their ids only. */
import type { NewEvent, StoredRow } from '@convenant/kernel';

export const sampleEvent = (id: string, data: Readonly<Record<string, unknown>> = { code: id }): NewEvent => ({
  id,
  type: 'SampleNoted',
  version: 1,
  data,
  sealed: { note: `sealed.${id}` },
  meta: { at: '2026-03-02T09:00:00.000Z', actor: { kind: 'system', process: 'contract' }, cause: `cause-${id}` },
});

export const sampleEvents = (...ids: readonly string[]): NewEvent[] => ids.map((id) => sampleEvent(id));

export const sampleRow = (
  key: string,
  {
    sort = key,
    indexes = {},
    ...row
  }: { sort?: string; indexes?: Readonly<Record<string, string>>; state?: string } = {},
): StoredRow & { readonly kind: 'put' } => ({ kind: 'put', key, row: { state: 'open', ...row }, indexes, sort });

export const idsOf = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);
export const keysOf = (rows: readonly { readonly key: string }[]): string[] => rows.map(({ key }) => key);
