/** Images of each type, three pixels wide and two high, and all of one colour. */
import type { ImageType } from "../../src/index-sections.js";

/** ISO/IEC 14496-12, 4.3: the length of the box, `ftyp`, the major brand, the minor version, the compatible brands. */
export function fileTypeBox(major: string, ...compatible: readonly string[]): Buffer {
  const brands = Buffer.from(`ftyp${major}\0\0\0\0${compatible.join("")}`, "latin1");
  const length = Buffer.alloc(4);
  length.writeUInt32BE(brands.length + 4);
  return Buffer.concat([length, brands]);
}

const base64 = (text: string): Buffer => Buffer.from(text, "base64");

export const IMAGE_BYTES: Readonly<Record<ImageType, Buffer>> = {
  png: base64(
    "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAFUlEQVR4nGM8ESDHwMDAwMDAxAADABayATqly9a1AAAAAElFTkSuQmCC",
  ),
  jpeg: base64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQASk//9k=",
  ),
  webp: base64("UklGRjIAAABXRUJQVlA4ICYAAACQAQCdASoDAAIABABoJaACdLoAA5gA/tSZfFb6gZyD+4Mz6uoAAA=="),
  avif: base64(
    "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADrbWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcGl0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAETAAAAJAAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAABqaXBycAAAAEtpcGNvAAAAFGlzcGUAAAAAAAAAAwAAAAIAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGgAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAALG1kYXQSAAoIGAQrRAQ0GhAyFhxHh4Xd0000wsAAAJA1jjv5pkkhhfw=",
  ),
  gif: base64("R0lGODdhAwACAIEAAMhQHgAAAAAAAAAAACwAAAAAAwACAAAIBgABCBwYEAA7"),
  svg: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>'),
};

/** Other forms of the same. The camera has turned the last one: it is two pixels wide and three high. */
export const OTHER_IMAGES: Readonly<Record<"webp lossless" | "webp extended" | "jpeg on its side", Buffer>> = {
  "webp lossless": base64("UklGRh4AAABXRUJQVlA4TBEAAAAvAkAAAAdQqCLXo/+BiOh/AAA="),
  "webp extended": base64(
    "UklGRlQAAABXRUJQVlA4WAoAAAAQAAAAAgAAAQAAQUxQSAcAAAAAgICAgICAAFZQOCAmAAAAkAEAnQEqAwACAAQAaCWgAnS6AAOYAP7UmXxW+oGcg/uDM+rqAAA=",
  ),
  "jpeg on its side": base64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQASk//9k=",
  ),
};
