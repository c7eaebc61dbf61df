import { expect, test } from "vitest";
import { parseWindow } from "../../../src/runtime/limits/window.ts";

const good = [
  { text: "100/minute", environment: {}, want: { limit: 100, unit: "minute", variable: undefined, isDefault: true } },
  {
    text: "{$env.PER_MONTH:-5000}/month",
    environment: {},
    want: { limit: 5000, unit: "month", variable: "PER_MONTH", isDefault: true },
  },
  {
    text: "{$env.PER_MONTH:-5000}/month",
    environment: { PER_MONTH: "" },
    want: { limit: 5000, unit: "month", variable: "PER_MONTH", isDefault: true },
  },
  {
    text: "{$env.PER_MONTH:-5000}/month",
    environment: { PER_MONTH: "7" },
    want: { limit: 7, unit: "month", variable: "PER_MONTH", isDefault: false },
  },
  {
    text: "$env.LIMIT",
    environment: { LIMIT: "2/second" },
    want: { limit: 2, unit: "second", variable: "LIMIT", isDefault: false },
  },
];

test.each(good)("$text with $environment", ({ text, environment, want }) => {
  expect(parseWindow(text, environment)).toEqual(want);
});

test.each(["-1", "0", "many", "1.5", "1e3", "99999999999"])(
  "T37 a figure of %s is refused by the name of its variable, without its value",
  (value) => {
    const read = () => parseWindow("{$env.PER_MONTH:-5000}/month", { PER_MONTH: value });
    expect(read).toThrow("PER_MONTH is not a whole number of at least 1. The operator of this server must mend it.");
  },
);

test("a limit that is none is refused", () => {
  expect(() => parseWindow("100/fortnight", {})).toThrow(
    'The limit "100/fortnight" of this server is not of the form 100/minute.',
  );
});
