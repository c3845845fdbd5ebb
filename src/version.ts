declare const KTHENA_VERSION: string | undefined;

/** Version of this tool; the build puts package.json's in its place. */
export const VERSION: string = typeof KTHENA_VERSION === 'string' ? KTHENA_VERSION : '0.0.0-dev';
