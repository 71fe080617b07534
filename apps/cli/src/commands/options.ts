import { type Command, InvalidArgumentError } from 'commander';

/** A parser for whole numbers within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(`a whole number from ${min} to ${max} is needed.`);
    }
    return value;
  };
}

/** For every command that prints data. */
export function addJson(command: Command): Command {
  return command.option('--json', 'print JSON, one object a line', false);
}
