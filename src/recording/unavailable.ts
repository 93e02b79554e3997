/** Says that what was to be recorded was not, and may be later. */

export class RecordingUnavailableError extends Error {
  override readonly name = "RecordingUnavailableError";
}
