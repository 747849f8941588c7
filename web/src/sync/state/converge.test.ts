// Whatever is lost, doubled or out of order on the way, a state becomes the server's, and what it shows meanwhile has no
// holes. `RUNS` sets how many histories are tried.

import {
  type Arbitrary,
  array,
  boolean,
  check,
  constant,
  defaultReportMessage,
  integer,
  nat,
  oneof,
  property,
  record,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Step, STEPS, World } from './testing/world';

const RUNS = Number(process.env['RUNS'] ?? 200);

const kinds = (Object.keys(STEPS) as Step['do'][]).map((kind) => ({
  weight: STEPS[kind],
  arbitrary: constant(kind),
}));

const step: Arbitrary<Step> = record({
  do: oneof(...kinds),
  room: oneof({ weight: 4, arbitrary: constant(0) }, { weight: 1, arbitrary: constant(1) }),
  nth: oneof(nat(2), nat(200)),
  limit: integer({ min: 1, max: 5 }),
  mine: boolean(),
  flag: boolean(),
});

describe('a state', () => {
  it(
    'converges',
    () => {
      const histories = property(
        array(step, { minLength: 40, maxLength: 160, size: 'max' }),
        boolean(),
        (steps, begun) => {
          const world = new World();
          if (begun) world.settle();
          for (const each of steps) world.step(each);
          world.drain();
          world.settle();
        },
      );
      const details = check(histories, { numRuns: RUNS });
      expect(details.failed ? defaultReportMessage(details) : null).toBeNull();
    },
    RUNS * 1000,
  );
});
