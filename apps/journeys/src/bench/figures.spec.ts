/** That figures are counted as they are said to be, and that nothing that was not measured passes for a figure. */
import { describe, expect, it } from '@jest/globals';
import { figure, inDigits, median, percentile } from './figures.js';

const measured = { name: 'appends', value: 60, unit: 'per second', base: 'bare inserts', baseValue: 100 };

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  it('is a measurement that was made, whatever the order they came in', () => {
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.99)).toBe(7);
  });
  it('is above the middle in a small number of measurements', () => {
    expect(percentile([1, 2, 3, 1000], 0.99)).toBe(1000);
  });
  it('of nothing is an error', () => {
    expect(() => percentile([], 0.5)).toThrow('nothing');
  });
});

describe('a median', () => {
  it('is the middle one, or lies between the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
  it('leaves the list as it was', () => {
    const list = [3, 1, 2];
    median(list);
    expect(list).toEqual([3, 1, 2]);
  });
});

describe('a figure', () => {
  it('has its ratio to what it stands beside', () => {
    expect(figure(measured)).toEqual({ ...measured, ratio: 0.6 });
  });
  it.each([
    [{ ratioAtLeast: 0.6 }, 'ratio ≥ 0.6', true],
    [{ ratioAtLeast: 0.7 }, 'ratio ≥ 0.7', false],
    [{ ratioAtMost: 0.6 }, 'ratio ≤ 0.6', true],
    [{ ratioAtMost: 0.5 }, 'ratio ≤ 0.5', false],
    [{ below: 61 }, '< 61 per second', true],
    [{ below: 60 }, '< 60 per second', false],
  ])('with the target %j says whether it holds', (target, words, holds) => {
    expect(figure(measured, target)).toMatchObject({ target: words, holds });
  });
  it.each([
    { value: 0, baseValue: 1 },
    { value: 1, baseValue: 0 },
    { value: Number.NaN, baseValue: 1 },
    { value: 1, baseValue: Number.POSITIVE_INFINITY },
  ])('is not made of %j', (wrong) => {
    expect(() => figure({ ...measured, ...wrong })).toThrow('“appends”');
  });
});

describe('digits', () => {
  it('are three', () => {
    expect([12345, 0.123456, 1.5, 99.96].map(inDigits)).toEqual(['12,300', '0.123', '1.5', '100']);
  });
});
