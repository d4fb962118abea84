/** The processing log (Logboek Dataverwerkingen): which processing of whose data, when and how it went; never by whom. */
import { daysBetween } from '@convenant/kernel';
import type { AccessRecord } from './access-record.js';
import { canonical } from './canonical.js';
import { activityUri } from './processing-activities.js';

/** The names are those of the standard. The access record with the same trace and span tells who did it. */
export interface ProcessingRecord {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id?: string | undefined;
  readonly status: 'Unset' | 'Ok' | 'Error';
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly start_time: number;
  readonly end_time: number;
  readonly attributes: {
    readonly 'dpl.core.processing_activity_id': string;
    /** A digest under the client's own key; absent when nobody's data was concerned, or when her key is destroyed. */
    readonly 'dpl.core.data_subject_id'?: string | undefined;
    readonly 'dpl.core.data_subject_id_type'?: string | undefined;
  };
}

export function processingOf(record: AccessRecord, subject: string | undefined): ProcessingRecord {
  return {
    trace_id: record.trace.traceId,
    span_id: record.trace.spanId,
    parent_span_id: record.trace.parentSpanId,
    status: record.outcome === 0 ? 'Ok' : 'Error',
    name: record.operation,
    start_time: epochMilliseconds(record.startedAt ?? record.at),
    end_time: epochMilliseconds(record.at),
    attributes: {
      'dpl.core.processing_activity_id': activityUri(record.activity),
      'dpl.core.data_subject_id': subject,
      'dpl.core.data_subject_id_type': subject === undefined ? undefined : 'pseudonym',
    },
  };
}

export const processingLine = (record: AccessRecord, subject: string | undefined): string =>
  canonical(processingOf(record, subject));

/** For the one form in which the Clock gives a moment: `2026-11-02T09:15:00.000Z`. */
function epochMilliseconds(instant: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = instant.slice(11, -1).split(':').map(Number);
  return (
    daysBetween('1970-01-01', instant.slice(0, 10)) * 86_400_000 +
    Math.round((hours * 3600 + minutes * 60 + seconds) * 1000)
  );
}
