/** The clients whom client managers support, and since when. */
import { clearColumn, type View } from '@convenant/kernel';
import type { SupportEvent } from './support-task.js';

export interface SupportListRow {
  readonly clientId: string;
  readonly clientManager: string;
  readonly since: string;
}
/** By client, longest first; who is not supported any more has no row. Find by `clientManager`. */
export const supportList: View<SupportEvent, SupportListRow> = {
  name: 'support_list',
  version: 1,
  columns: { clientId: clearColumn('own'), clientManager: clearColumn('own'), since: clearColumn('K2') },
  keys: (event) => (event.type === 'ClientTakenOn' || event.type === 'SupportEnded' ? [event.clientId] : []),
  apply: (_row, { type, clientId, by, on }) =>
    type === 'ClientTakenOn' ? { clientId, clientManager: by, since: on } : undefined,
  indexes: ({ clientManager }) => ({ clientManager }),
  sort: ({ since }) => since,
};
