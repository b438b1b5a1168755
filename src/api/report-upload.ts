import { finished, type Readable } from 'node:stream';
import busboy from 'busboy';
import type { Request } from 'express';
import { MAX_PHOTO_BYTES } from '../media/photo.js';
import { Problem } from './problem.js';

const MAX_REPORT_BYTES = 256 * 1024;
const MAX_NOTE_BYTES = 64 * 1024;
const MAX_BYTES: Readonly<Record<string, number>> = { report: MAX_REPORT_BYTES, photo: MAX_PHOTO_BYTES };

const FORM = 'Send the report as multipart/form-data.';

/** What came with the form, as it came: nothing of it is checked but its size. */
export interface ReportUpload {
  /** The JSON of the part `report`. */
  readonly report: unknown;
  /** The bytes of the part `photo`. */
  readonly photo: Buffer;
}

/**
 * Reads the multipart form of a new report. The rest of a form that is refused is read and thrown away, so that its sender gets to see the answer.
 * @throws Problem `body_missing`, `unsupported_media_type`, `malformed_multipart`, `part_missing`, `part_unexpected`, `too_large`, `photo_too_large` or `malformed_json`
 */
export async function receiveReport(request: Request): Promise<ReportUpload> {
  const { report, photo } = await receiveParts(request);
  if (!report) throw new Problem('part_missing', { detail: 'Send the part report, with the report as JSON.' });
  if (!photo) throw new Problem('part_missing', { detail: 'Send the part photo, with the photo as a file.' });
  return { report: parseJson(report), photo };
}

/** What came with the form of a new revision: its photo and a note may be left out. */
export interface RevisionUpload extends Pick<ReportUpload, 'report'> {
  readonly photo: Buffer | undefined;
  readonly note: string | undefined;
}

/**
 * Reads the multipart form of a new revision, as {@link receiveReport} does.
 * @throws Problem as `receiveReport` does
 */
export async function receiveRevision(request: Request): Promise<RevisionUpload> {
  const { report, photo, note } = await receiveParts(request, { ...MAX_BYTES, note: MAX_NOTE_BYTES });
  if (!report) throw new Problem('part_missing', { detail: 'Send the part report, with the report as JSON.' });
  return { report: parseJson(report), photo, note: note?.toString() };
}

async function receiveParts(request: Request, maxBytes = MAX_BYTES): Promise<Readonly<Record<string, Buffer>>> {
  const type = request.is('multipart/form-data');
  // null means that there is no body, false that it is something else.
  if (type === null || request.get('content-length') === '0') throw new Problem('body_missing', { detail: FORM });
  if (type === false) throw new Problem('unsupported_media_type', { detail: FORM });
  // Unlike the reader of JSON, that of forms unpacks nothing.
  if (request.get('content-encoding') !== undefined) {
    throw new Problem('unsupported_media_type', { detail: 'Send the form without a content encoding.' });
  }
  return new Promise((resolve, reject) => {
    const parser = openParser(request, Object.keys(maxBytes).length);
    const parts: Record<string, Buffer> = {};
    const seen = new Set<string>();
    const fail = (problem: Problem): void => {
      request.unpipe(parser);
      request.resume();
      reject(problem);
    };
    const unexpected = (): void => fail(new Problem('part_unexpected'));
    const isFirst = (name: string): boolean => {
      if (!Object.hasOwn(maxBytes, name) || seen.has(name)) return false;
      seen.add(name);
      return true;
    };
    const tooLarge = (name: string): void => fail(new Problem(name === 'photo' ? 'photo_too_large' : 'too_large'));
    const malformed = (): void => fail(new Problem('malformed_multipart'));

    parser.on('file', (name, stream) => {
      stream.on('error', malformed);
      if (!isFirst(name)) {
        stream.resume();
        unexpected();
        return;
      }
      collect(stream, maxBytes[name] ?? 0, (bytes) => {
        if (bytes) parts[name] = bytes;
        else tooLarge(name);
      });
    });
    parser.on('field', (name, value, { valueTruncated }) => {
      if (name === 'photo')
        fail(new Problem('part_unexpected', { detail: 'Send the part photo as a file, with a file name.' }));
      else if (!isFirst(name)) unexpected();
      else if (valueTruncated || value.length > (maxBytes[name] ?? 0)) tooLarge(name);
      else parts[name] = Buffer.from(value);
    });
    parser.on('filesLimit', unexpected);
    parser.on('fieldsLimit', unexpected);
    parser.on('partsLimit', unexpected);
    parser.on('error', malformed);
    parser.on('close', () => resolve(parts));
    finished(request, (error) => {
      if (error) fail(new Problem('malformed_request'));
    });
    request.pipe(parser);
  });
}

/** The bytes of a file of the form, or undefined once there are too many of them. */
function collect(stream: Readable, maxBytes: number, done: (bytes: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else done(undefined);
  });
  stream.on('end', () => {
    if (size <= maxBytes) done(Buffer.concat(chunks));
  });
}

function openParser(request: Request, parts: number): busboy.Busboy {
  try {
    // Of each limit one more than is taken: at the limit itself busboy cannot tell "just full" from "more follows".
    return busboy({
      headers: request.headers,
      limits: {
        parts: parts + 1,
        files: parts,
        fields: parts,
        fileSize: MAX_PHOTO_BYTES + 1,
        fieldSize: MAX_REPORT_BYTES + 1,
      },
    });
  } catch {
    throw new Problem('malformed_multipart');
  }
}

function parseJson(bytes: Buffer): unknown {
  try {
    // A file that a Windows editor saved begins with a byte order mark; the decoder takes it off.
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Problem('malformed_json', { detail: 'Send well-formed JSON, in UTF-8, as the part report.' });
  }
}
