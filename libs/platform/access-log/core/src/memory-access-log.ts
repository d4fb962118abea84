/** An access log store and an anchor in memory, for tests and simulations; they keep the promises of the ports except the disk. */
import {
  AccessLogStore,
  HeadAnchor,
  type LogBounds,
  type NewLink,
  type RecordPage,
  type StoredLink,
  type StoredRecord,
} from './ports.js';

interface Row {
  readonly at: string;
  readonly subject?: string;
  readonly person?: string;
}

export class MemoryAccessLogStore extends AccessLogStore {
  /** Open to tests that damage a log to see it found. */
  readonly stored: StoredLink[] = [];
  readonly #records: { readonly number: number; readonly access: string; readonly processing: string }[] = [];

  override last(): Promise<StoredLink | undefined> {
    return Promise.resolve(this.stored.at(-1));
  }

  override hashOf(link: number): Promise<string | undefined> {
    return Promise.resolve(this.stored.find(({ number }) => number === link)?.hash);
  }

  override append({ records, firstRecord, ...link }: NewLink): Promise<'appended' | 'overtaken'> {
    if (this.stored.some(({ number }) => number === link.number)) return Promise.resolve('overtaken');
    const lines = records.map(({ access, processing }, index) => ({ number: firstRecord + index, access, processing }));
    this.stored.push({ ...link, records: lines });
    this.#records.push(...lines);
    return Promise.resolve('appended');
  }

  override bySubject(subject: string, page: RecordPage): Promise<readonly StoredRecord[]> {
    return this.#page(page, (row) => row.subject === subject);
  }

  override byPerson(person: string, page: RecordPage): Promise<readonly StoredRecord[]> {
    return this.#page(page, (row) => row.person === person);
  }

  override byPeriod(page: RecordPage): Promise<readonly StoredRecord[]> {
    return this.#page(page, () => true);
  }

  override processing(after: number, limit: number): Promise<readonly { number: number; line: string }[]> {
    const behind = this.#records.filter(({ number }) => number > after).slice(0, limit);
    return Promise.resolve(behind.map(({ number, processing }) => ({ number, line: processing })));
  }

  override bounds(): Promise<LogBounds> {
    const numbers = this.stored.flatMap(({ records }) => records.map(({ number }) => number));
    return Promise.resolve({
      lastLink: this.stored.at(-1)?.number ?? 0,
      lowestRecord: Math.min(...numbers, Number.MAX_SAFE_INTEGER) % Number.MAX_SAFE_INTEGER,
      highestRecord: Math.max(0, ...numbers),
    });
  }

  override async *links(lastLink: number): AsyncIterable<StoredLink> {
    for (const link of this.stored) if (link.number <= lastLink) yield link;
  }

  #page({ from, until, after, limit }: RecordPage, wanted: (row: Row) => boolean): Promise<readonly StoredRecord[]> {
    const found = this.#records
      .map((record) => ({ ...record, row: JSON.parse(record.access) as Row }))
      .filter(({ row, number }) => {
        const inPeriod = (from === undefined || row.at >= from) && (until === undefined || row.at < until);
        const behind = !after || row.at > after.at || (row.at === after.at && number > after.number);
        return inPeriod && behind && wanted(row);
      })
      .sort((a, b) => (a.row.at === b.row.at ? a.number - b.number : a.row.at < b.row.at ? -1 : 1));
    return Promise.resolve(found.slice(0, limit).map(({ number, access }) => ({ number, access })));
  }
}

export class MemoryHeadAnchor extends HeadAnchor {
  signed: string | undefined;

  override write(signed: string): Promise<void> {
    this.signed = signed;
    return Promise.resolve();
  }

  override read(): Promise<string | undefined> {
    return Promise.resolve(this.signed);
  }
}
