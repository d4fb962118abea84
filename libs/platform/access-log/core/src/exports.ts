/** The log as others read it: lines with the field names of NEN 7513, and FHIR R4 AuditEvents. */
import type { LoggedRecord } from './access-record.js';
import { canonical } from './canonical.js';

const clientIdSystem = (record: LoggedRecord): string => `urn:convenant:${record.organisation}:client`;

/** One record under the names that the norm takes from DICOM and RFC 3881. */
export function toNen7513(record: LoggedRecord): Readonly<Record<string, unknown>> {
  const { user, trace } = record;
  return {
    EventID: record.id,
    EventTypeCode: record.event,
    EventActionCode: record.action,
    EventDateTime: record.at,
    EventOutcomeIndicator: record.outcome,
    operation: record.operation,
    users: [
      {
        userID: user.person,
        userIsRequestor: user.requestor,
        roleIDCode: user.role,
        purposeOfUse: record.purpose,
      },
      ...(user.responsible === undefined
        ? []
        : [{ userID: user.responsible, userIsRequestor: false, roleIDCode: 'responsible' }]),
    ],
    participants: participants(record),
    autorisatieProtocol: record.policyVersion,
    behandelrelatieProtocol: record.relation,
    toestemmingsProfiel: record.consents,
    noodprocedure: record.emergency,
    refusal: record.refusal,
    processingActivity: record.activity,
    AuditEnterpriseSiteID: record.organisation,
    AuditSourceID: record.system,
    AuditSourceTypeCode: '4',
    traceparent: `00-${trace.traceId}-${trace.spanId}-01`,
  };
}

function participants(record: LoggedRecord): readonly Readonly<Record<string, unknown>>[] {
  if (record.client === undefined && !record.erased && record.askedFor === undefined) return [];
  return [
    {
      participantObjectTypeCode: '1',
      participantObjectTypeCodeRole: '1',
      participantObjectIDTypeCode: clientIdSystem(record),
      participantObjectID: record.client ?? (record.erased ? 'erased' : `digest:${record.askedFor}`),
      participantObjectSensitivity: record.categories,
      participantObjectDetail: record.object,
    },
  ];
}

/** One JSON object per line, each line closed; the empty text for no records. */
export const toNdjson = (records: readonly LoggedRecord[]): string =>
  records.map((record) => `${canonical(toNen7513(record))}\n`).join('');

/** The processing log as it is handed to an auditor: its texts are stored in this form already. */
export const processingNdjson = (lines: readonly { readonly line: string }[]): string =>
  lines.map(({ line }) => `${line}\n`).join('');

/** FHIR R4 AuditEvent of the type "Patient Record". Reads only what is in the record; claims no profile. */
export function toAuditEvent(record: LoggedRecord): Readonly<Record<string, unknown>> {
  const { user } = record;
  const local = (value: string): string => `urn:convenant:${record.organisation}:${value}`;
  return JSON.parse(
    canonical({
      resourceType: 'AuditEvent',
      id: record.id,
      type: { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110110', display: 'Patient Record' },
      subtype: [{ system: 'urn:convenant:event', code: record.event }],
      action: record.action,
      recorded: record.at,
      outcome: String(record.outcome),
      outcomeDesc: record.refusal,
      purposeOfEvent:
        record.purpose === undefined
          ? undefined
          : [{ coding: [{ system: 'urn:convenant:purpose', code: record.purpose }] }],
      agent: [
        {
          role: [{ coding: [{ system: 'urn:convenant:role', code: user.role }] }],
          who: user.person === undefined ? undefined : { identifier: { system: local('person'), value: user.person } },
          requestor: user.requestor,
          policy: [`urn:convenant:policy:${record.policyVersion}`],
        },
        ...(user.responsible === undefined
          ? []
          : [{ who: { identifier: { system: local('person'), value: user.responsible } }, requestor: false }]),
      ],
      source: {
        site: record.organisation,
        observer: { display: record.system },
        type: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
            code: '4',
            display: 'Application Server',
          },
        ],
      },
      entity: [
        ...(record.client === undefined
          ? []
          : [
              {
                what: { identifier: { system: clientIdSystem(record), value: record.client } },
                type: {
                  system: 'http://terminology.hl7.org/CodeSystem/audit-entity-type',
                  code: '1',
                  display: 'Person',
                },
                role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1', display: 'Patient' },
                securityLabel: record.categories.map((code) => ({
                  coding: [{ system: 'urn:convenant:category', code }],
                })),
              },
            ]),
        {
          name: record.operation,
          detail: [
            { type: 'behandelrelatieProtocol', valueString: record.relation },
            { type: 'noodprocedure', valueString: String(record.emergency) },
            { type: 'traceparent', valueString: `00-${record.trace.traceId}-${record.trace.spanId}-01` },
            ...record.consents.map((consent) => ({ type: 'toestemmingsProfiel', valueString: consent })),
          ],
        },
      ],
    }),
  ) as Readonly<Record<string, unknown>>;
}
