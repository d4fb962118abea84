/** That the document says what was measured, what does not hold and what is missing, and nothing about whose machine it was. */
import { hostname } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { isComplete, jsonOf, machineNow, markdownOf, tableOf, type Report } from './document.js';
import { figure } from './figures.js';

const fast = figure(
  { name: 'appends', value: 1234.5, unit: 'per second', base: 'bare inserts', baseValue: 2469 },
  { ratioAtLeast: 0.4 },
);
const slow = figure({ name: 'p99', value: 300, unit: 'ms', base: 'bare Kafka', baseValue: 10 }, { below: 250 });
const free = figure({ name: 'a part', value: 0.25, unit: 'ms', base: 'the whole', baseValue: 1 });
const report: Report = {
  date: '2026-01-05',
  quick: false,
  machine: machineNow({ postgres: '18.0' }),
  benchmarks: [{ name: 'append', about: 'As said.', figures: [fast, slow, free], notMeasured: [] }],
};

describe('a table of figures', () => {
  const [head = '', rule = '', ...rows] = tableOf([fast, slow, free]).split('\n');
  it('has a row for each, with its base, ratio and target', () => {
    expect(rows.map((row) => row.split('|').map((cell) => cell.trim()))).toEqual([
      ['', 'appends', '1,230 per second', 'bare inserts', '2,470 per second', '0.5', 'ratio ≥ 0.4', 'yes', ''],
      ['', 'p99', '300 ms', 'bare Kafka', '10 ms', '30', '< 250 ms', '**no**', ''],
      ['', 'a part', '0.25 ms', 'the whole', '1 ms', '0.25', '', '', ''],
    ]);
  });
  it('lines up', () => {
    expect(new Set([head, rule, ...rows].map((line) => [...line].length)).size).toBe(1);
  });
});

describe('the document', () => {
  it('counts the targets and names those that do not hold', () => {
    expect(markdownOf(report)).toContain('1 of 2 targets hold; these do not: p99.');
  });
  it('names the versions and not the machine', () => {
    const both = markdownOf(report) + jsonOf(report);
    expect(both).toContain('PostgreSQL 18.0');
    expect(both).not.toContain(hostname());
  });
  it('says what was not measured, and why', () => {
    const missing = { name: 'append with 1 writer', why: 'There is no pgbench.' };
    const incomplete = { ...report, benchmarks: [{ ...report.benchmarks[0], notMeasured: [missing] }] } as Report;
    expect(markdownOf(incomplete)).toContain('Not measured: append with 1 writer. There is no pgbench.');
    expect([isComplete(report), isComplete(incomplete)]).toEqual([true, false]);
  });
  it('is not complete with a benchmark that found nothing', () => {
    expect(isComplete({ benchmarks: [{ name: 'append', about: '', figures: [], notMeasured: [] }] })).toBe(false);
  });
  it('is read back by programs as it was', () => {
    expect(JSON.parse(jsonOf(report))).toEqual(report);
  });
});
