interface ErrorEntry {
  /** HTTP status of the answer. */
  readonly status: number;
  readonly code: number;
  readonly subcode?: number;
  readonly message: string;
  readonly type?: 'OAuthException' | 'GraphMethodException';
  readonly transient?: boolean;
  readonly userTitle?: string;
  readonly userMessage?: string;
}

/** Every error the simulator knows how to word. A fault that names one of these codes answers with the same words. */
const CATALOGUE = {
  unknown: { status: 500, code: 1, message: 'An unknown error occurred', transient: true },
  temporary: {
    status: 500,
    code: 2,
    message: 'An unexpected error has occurred. Please retry your request later.',
    transient: true,
  },
  capability: { status: 400, code: 3, message: '(#3) Application does not have the capability to make this API call.' },
  appLimit: { status: 403, code: 4, message: '(#4) Application request limit reached', transient: true },
  permission: {
    status: 403,
    code: 10,
    message: '(#10) Application does not have permission for this action',
    userTitle: 'Permission denied',
    userMessage: 'The Page does not let this application do that.',
  },
  userLimit: { status: 403, code: 17, message: '(#17) User request limit reached', transient: true },
  pageLimit: { status: 403, code: 32, message: '(#32) Page request limit reached', transient: true },
  invalidParameter: { status: 400, code: 100, message: '(#100) Invalid parameter' },
  doesNotExist: {
    status: 400,
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message: 'Unsupported request. Object does not exist, or does not support this operation.',
  },
  badProof: {
    status: 400,
    code: 100,
    type: 'GraphMethodException',
    message: 'Invalid appsecret_proof provided in the API argument',
  },
  session: { status: 401, code: 102, message: 'Session key invalid or no longer valid' },
  invalidToken: { status: 401, code: 190, message: 'Invalid OAuth access token - Cannot parse access token' },
  tokenExpired: {
    status: 401,
    code: 190,
    subcode: 463,
    message: 'Error validating access token: Session has expired. Please sign in again.',
  },
  permissions: { status: 403, code: 200, message: '(#200) Permissions error' },
  badImageFile: {
    status: 400,
    code: 324,
    subcode: 2069019,
    message: '(#324) Missing or invalid image file',
    userTitle: 'Missing or invalid image file',
    userMessage: 'The image file could not be read. Please use a JPEG, PNG, GIF or TIFF of at most 10 MB.',
  },
  applicationLimit: { status: 400, code: 341, message: '(#341) Feed action request limit reached', transient: true },
  blocked: {
    status: 403,
    code: 368,
    message: 'The action attempted has been deemed abusive or is otherwise disallowed',
    userTitle: "You can't use this feature right now",
    userMessage: 'We limit how often you can post, comment or do other things in a given amount of time.',
  },
  duplicateText: {
    status: 400,
    code: 506,
    subcode: 1455006,
    message: '(#506) Duplicate status message',
    userTitle: 'Duplicate status update',
    userMessage: 'This status update is identical to the last one you posted.',
  },
  calledTooOften: {
    status: 403,
    code: 613,
    message: '(#613) Calls to this api have exceeded the rate limit.',
    transient: true,
  },
  unknownPath: { status: 400, code: 2500, message: 'Unknown path components' },
  deprecatedVersion: { status: 400, code: 2635, message: '(#2635) You are calling a deprecated version of the API.' },
  pageCallsLimit: {
    status: 400,
    code: 80001,
    message: '(#80001) There have been too many calls to this Page account. Wait a bit and try again.',
    transient: true,
  },
  instagramCallsLimit: {
    status: 400,
    code: 80002,
    message: '(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.',
    transient: true,
  },
  instagramFetchTimedOut: {
    status: 400,
    code: -2,
    subcode: 2207003,
    message: 'It takes too long to download the media.',
    transient: true,
  },
  containerExpired: {
    status: 400,
    code: -2,
    subcode: 2207020,
    message: 'The media you are trying to access has expired. Please try to upload again.',
  },
  containerFailed: {
    status: 400,
    code: -1,
    subcode: 2207032,
    message: 'Create media fail, please try to re-create media',
  },
  suspectedSpam: {
    status: 400,
    code: 4,
    subcode: 2207051,
    message: 'Application request limit reached',
    userTitle: 'Action is blocked',
    userMessage: 'We restrict certain activity to protect our community. Tell us if you think we made a mistake.',
  },
  instagramQuotaReached: {
    status: 400,
    code: 9,
    subcode: 2207042,
    message: 'Application request limit reached',
    userTitle: 'Maximum number of posts reached',
    userMessage: 'You reached maximum number of posts that is allowed to be published by Content Publishing API.',
  },
  mediaNotFound: { status: 400, code: 24, subcode: 2207006, message: 'The media cannot be found.' },
  containerNotFound: {
    status: 400,
    code: 24,
    subcode: 2207008,
    message: 'The media builder does not exist or has been expired.',
  },
  unknownMediaType: { status: 400, code: 100, subcode: 2207023, message: 'Unknown media type.' },
  deleteRefused: { status: 400, code: 100, subcode: 2207085, message: 'The media cannot be deleted.' },
  instagramFetchFailed: {
    status: 400,
    code: 9004,
    subcode: 2207052,
    message: 'The media could not be fetched from this URI.',
  },
  containerNotReady: {
    status: 400,
    code: 9007,
    subcode: 2207027,
    message: 'Media ID is not available',
    userTitle: 'Media not ready',
    userMessage: 'The media is not ready for publishing, please wait for a moment.',
  },
  instagramImageTooLarge: {
    status: 400,
    code: 36000,
    subcode: 2207004,
    message: 'The image size is too large.',
    userTitle: 'Image size too large',
    userMessage: 'The image is too large to download. It should be less than 8 MiB.',
  },
  instagramImageFormat: { status: 400, code: 36001, subcode: 2207005, message: 'The image format is not supported.' },
  instagramAspectRatio: {
    status: 400,
    code: 36003,
    subcode: 2207009,
    message: 'The aspect ratio is not supported.',
    userTitle: 'Aspect ratio not supported',
    userMessage: "The submitted image's aspect ratio must fall within the 4:5 to 1.91:1 range.",
  },
  captionTooLong: {
    status: 400,
    code: 36004,
    subcode: 2207010,
    message: 'The caption was too long.',
    userTitle: 'Caption too long',
    userMessage: 'The caption must be at most 2,200 characters.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type GraphErrorName = keyof typeof CATALOGUE;

/** An error as the Graph API words it. `status` is the HTTP status that goes with it. */
export class GraphError extends Error {
  readonly status: number;
  readonly code: number;
  readonly subcode: number | undefined;

  private constructor(private readonly entry: ErrorEntry) {
    super(entry.message);
    this.status = entry.status;
    this.code = entry.code;
    this.subcode = entry.subcode;
  }

  /** One of the known errors; `message` replaces its general wording by one that names the cause. */
  static of(name: GraphErrorName, message?: string): GraphError {
    return new GraphError({ ...CATALOGUE[name], ...(message === undefined ? {} : { message }) });
  }

  /** The error with these numbers, worded as the known one with the same code and subcode if there is one. */
  static byCode(code: number, subcode?: number, status?: number): GraphError {
    const entries: readonly ErrorEntry[] = Object.values(CATALOGUE);
    const known = entries.find((entry) => entry.code === code && entry.subcode === subcode);
    const entry: ErrorEntry = known ?? {
      status: 400,
      code,
      ...(subcode === undefined ? {} : { subcode }),
      message: `(#${code}) An error produced by the simulator`,
    };
    return new GraphError(status === undefined ? entry : { ...entry, status });
  }

  /** The body of the answer. `trace` is the id of the call, the one the effects log also carries. */
  envelope(trace: string): object {
    return {
      error: {
        message: this.entry.message,
        type: this.entry.type ?? 'OAuthException',
        code: this.entry.code,
        error_subcode: this.entry.subcode,
        is_transient: this.entry.transient ?? false,
        error_user_title: this.entry.userTitle,
        error_user_msg: this.entry.userMessage,
        fbtrace_id: trace,
      },
    };
  }
}

/** Code 100 with a message of Graph's form, for a parameter that cannot be taken as it is. */
export function invalidParameter(what: string): GraphError {
  return GraphError.of('invalidParameter', `(#100) ${what}`);
}

/** Code 100, subcode 33: no such object, or it does not know this operation. Graph does not say which. */
export function doesNotExist(method: string, objectId: string): GraphError {
  return GraphError.of(
    'doesNotExist',
    `Unsupported ${method.toLowerCase()} request. Object with ID '${objectId}' does not exist, cannot be loaded due to ` +
      'missing permissions, or does not support this operation.',
  );
}
