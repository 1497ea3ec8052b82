import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './cmd.mjs';
import { Logger } from './logger.mjs';

const logger = new Logger('laravel');

// An env() call without a default.
const call = /\benv\(\s*(?:'(\w+)'|"(\w+)")\s*\)/g;

// checkConfig warns of each variable that Laravel's configuration reads without a default and that is not set.
export async function checkConfig(dir, env = process.env) {
    const wanted = new Map(); // from variables to the first file that reads them
    for (const file of (await readdir(dir)).filter((name) => name.endsWith('.php')).sort()) {
        const text = await readFile(path.join(dir, file), 'utf8');
        for (const match of text.matchAll(call)) {
            const name = match[1] || match[2];
            if (!(name in env) && !wanted.has(name)) {
                wanted.set(name, file);
            }
        }
    }
    for (const [name, file] of wanted) {
        logger.warn(advice(name, `config/${file}`));
    }
}

function advice(name, file) {
    switch (name) {
    case 'APP_KEY':
        return 'APP_KEY is not set, and Laravel cannot encrypt without it. Make one with: openssl rand -hex 16';
    case 'APP_ENV':
        return `APP_ENV is not set, but ${file} reads it. Set it to "production" where the app is in use.`;
    default:
        return `${name} is not set, but ${file} reads it and has no default.`;
    }
}

// openStorage lets PHP, which runs as another user, write to Laravel's storage, if the app has one.
export async function openStorage(dir) {
    try {
        await access(dir, constants.R_OK);
    } catch {
        return;
    }
    await run('chmod', '-R', 'ugo+rw', '--', dir);
}
