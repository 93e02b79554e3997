/** What all commands have in common: help, wrong usage, failure, and the exit codes of each. */

export interface Command<Request> {
  /** As behind `npm run`. */
  readonly name: string;
  readonly usage: () => string;
  /** What is asked for, or undefined for help. Throws for wrong usage. */
  readonly readArguments: () => Request | undefined;
  /** Does it, and answers with the exit code; with none where all went well. */
  readonly run: (request: Request) => Promise<number | undefined> | number | undefined;
  /** What `run` threw, to the text of standard error; the first line of its message where this is not given. */
  readonly explain?: (error: unknown, request: Request) => string;
}

/** Runs a command and sets the exit code: 0 done, 1 failed, 2 wrong usage. Faults are one line on standard error. */
export async function runCommand<Request>(command: Command<Request>): Promise<void> {
  process.exitCode = await exitCodeOf(command);
}

async function exitCodeOf<Request>({ name, usage, readArguments, run, explain }: Command<Request>): Promise<number> {
  const complain = (text: string): void => {
    process.stderr.write(`${name}: ${text}\n`);
  };
  let request;
  try {
    request = readArguments();
  } catch (error) {
    complain(firstLineOf(error));
    return 2;
  }
  if (request === undefined) {
    process.stdout.write(usage());
    return 0;
  }
  try {
    return (await run(request)) ?? 0;
  } catch (error) {
    complain(explain === undefined ? firstLineOf(error) : explain(error, request));
    return 1;
  }
}

/** `parseArgs`, for one, explains itself at length; the first line says what is wrong. */
function firstLineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!;
}
