import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

// run runs a program without a shell and returns what it prints.
export async function run(program, ...args) {
    const { stdout } = await execute(program, args);
    return stdout;
}

// which returns the file that a program's name stands for.
export async function which(program, env = process.env) {
    if (!/^[\w.+-]+$/.test(program)) {
        throw new Error(`${JSON.stringify(program)} is not the name of a program`);
    }
    for (const dir of (env.PATH || '').split(path.delimiter)) {
        const file = path.resolve(dir, program);
        try {
            await access(file, constants.X_OK);
            if ((await stat(file)).isFile()) {
                return file;
            }
        } catch {
            // It is in another directory.
        }
    }
    throw new Error(`there is no program ${program} in the path`);
}
