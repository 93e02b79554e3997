/** Says that what is to be recorded now cannot be. */

export class RecordingUnavailableError extends Error {
  override readonly name = "RecordingUnavailableError";
}
