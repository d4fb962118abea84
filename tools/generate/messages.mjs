/** Writes down every message that can pass between two organisations: who may send it to whom, and each field with its category. */
import { contractId, messageType } from '@convenant/contracts';
import { fieldsOf, generatedNote, inWords, jsonSchema, table } from './shapes.mjs';
import { z } from 'zod';

export function messages(disclosures, controls) {
  return [
    '# Every message between organisations',
    generatedNote,
    'A message is a CloudEvent (NL GOV profile), signed as a whole by its sender. `subject` is the pseudonym of the client between these two organisations. There are two kinds: a **disclosure** tells the state of something about a client, complete as of a moment, one sealed part per category; a **control** message keeps two organisations in step and tells nothing about a life. A disclosure in the shared channel cannot hold a field of K5 (medical), and no disclosure one of K9a (notes) or K10 (figures): declaring one is an error. A control message cannot hold a field of any category, except one in the medical channel, which can hold K5: the medical question. Its text is sealed to the organisation that is asked.',
    table(
      ['message', 'kind', 'channel', 'from', 'to', 'categories'],
      [...disclosures, ...controls].map((contract) => [
        `[${contractId(contract)}](#${anchor(contract)})`,
        contract.kind,
        channelOf(contract),
        contract.from.join(', '),
        contract.to.join(', '),
        categoriesIn(contract).join(', ') || 'none',
      ]),
    ),
    '# Disclosures',
    ...disclosures.map(disclosureSection),
    '# Control messages',
    ...controls.map(controlSection),
  ]
    .join('\n\n')
    .concat('\n');
}

const anchor = (contract) =>
  contractId(contract)
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '');
const channelOf = (contract) => {
  if (contract.kind === 'disclosure') return contract.channel;
  const pace = contract.urgent ? 'urgent, waits for nothing' : 'in its lane';
  return contract.channel === 'medical' ? `medical, ${pace}` : pace;
};
export const categoriesIn = (contract) => [
  ...new Set(
    Object.values(contract.fields)
      .map(({ category }) => category)
      .filter((category) => category !== 'own'),
  ),
];

const disclosureSection = (contract) =>
  [
    `## ${contractId(contract)}`,
    `“${contract.titleNl}”. Type \`${messageType(contract)}\`. ${
      contract.channel === 'medical'
        ? 'Medical channel: sealed to the role that asked, for one answer to one question.'
        : 'Only fields whose category the consent names leave; the rest of the message does not exist for the recipient.'
    }`,
    fieldTable(contract),
  ].join('\n\n');
const controlSection = (contract) =>
  [
    `## ${contractId(contract)}`,
    `Type \`${messageType(contract)}\`; ${channelOf(contract)}.`,
    fieldTable(contract),
  ].join('\n\n');

function fieldTable({ fields }) {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]));
  const words = new Map(fieldsOf(z.object(shape)).map(([name, text, optional]) => [name, [text, optional]]));
  return table(
    ['field', 'category', 'holds', 'law beside consent'],
    Object.entries(fields).map(([name, { category, schema, law }]) => {
      const [text, optional] = words.get(name) ?? [inWords(jsonSchema(schema)), false];
      return [`${name}${optional ? '?' : ''}`, category, text, law ?? ''];
    }),
  );
}
