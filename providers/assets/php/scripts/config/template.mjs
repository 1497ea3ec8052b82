// The language of nginx.template.conf:
//
//   $if(VAR) (text) else (text)  the first text if the variable is set and not empty, else the second
//   ${VAR}                       the variable's value
//   $!{program}                  the Nix store path of a program
//
// Texts may hold all of these, and parentheses in pairs; a backslash makes a parenthesis count for nothing.
import { getStorePath } from '../util/nix.mjs';

// Nginx's own ${variables} look alike, so a name that the environment does not have is left to nginx.
const token = /\$if\s*\(\s*(\w+)\s*\)\s*(?=\()|\$\{(\w+)\}|\$!\{([^}\n]+)\}/g;

const otherwise = /\s*else\s*(?=\()/y;

// compile returns the text of the template in this environment. What is put in is not looked at again.
export async function compile(template, env = process.env) {
    let result = '';
    let done = 0;
    const pattern = new RegExp(token);
    for (let match; (match = pattern.exec(template)) !== null; pattern.lastIndex = done) {
        const [all, condition, variable, program] = match;
        result += template.slice(done, match.index);
        done = match.index + all.length;
        if (condition !== undefined) {
            const [yes, no, end] = branches(template, done, condition);
            result += await compile(env[condition] ? yes : no, env);
            done = end;
        } else if (variable !== undefined) {
            result += variable in env ? env[variable] : all;
        } else {
            result += await getStorePath(program, env);
        }
    }
    return result + template.slice(done);
}

// branches returns the two texts of a condition, which begin at start, and where it ends.
function branches(template, start, condition) {
    const middle = closing(template, start, condition);
    otherwise.lastIndex = middle + 1;
    if (!otherwise.test(template)) {
        throw new Error(`$if(${condition}) has no else`);
    }
    const second = otherwise.lastIndex;
    const end = closing(template, second, condition);
    return [template.slice(start + 1, middle), template.slice(second + 1, end), end + 1];
}

// closing returns the index of the parenthesis that closes the one at start.
function closing(template, start, condition) {
    for (let i = start, depth = 0; i < template.length; i++) {
        if (template[i] === '\\') {
            i++;
        } else if (template[i] === '(') {
            depth++;
        } else if (template[i] === ')' && --depth === 0) {
            return i;
        }
    }
    throw new Error(`$if(${condition}) has a parenthesis that is not closed`);
}
