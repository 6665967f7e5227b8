// The browser's own functions: Firefox calls them `browser`, Chromium `chrome`.
export const browser = globalThis.browser ?? globalThis.chrome;
