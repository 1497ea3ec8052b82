import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import { which } from './cmd.mjs';

const store = '/nix/store';

// getStorePath returns the path in the Nix store of the package that a program in the path belongs to.
export async function getStorePath(program, env = process.env) {
    // A profile links to the package, which may link to others in its turn.
    let file = await which(program, env);
    while (!file.startsWith(store + '/')) {
        if (!(await lstat(file)).isSymbolicLink()) {
            throw new Error(`${program} is not of the Nix store, but ${file}`);
        }
        file = path.resolve(path.dirname(file), await readlink(file));
    }
    const [name] = file.slice(store.length + 1).split('/');
    return path.join(store, name);
}
