// Prepares the container for nginx: node prestart.mjs TEMPLATE OUTPUT
import { open, readFile, writeFile } from 'node:fs/promises';
import { compile } from './config/template.mjs';
import { checkConfig } from './util/laravel.mjs';
import { Logger } from './util/logger.mjs';

const logger = new Logger('prestart');

async function main([template, output]) {
    if (!template || !output) {
        logger.error('usage: node prestart.mjs TEMPLATE OUTPUT');
        return 1;
    }
    const env = { ...process.env, NGINX_ACCESS_LOG: await accessLog('/dev/stdout') };
    const [config] = await Promise.allSettled([
        readFile(template, 'utf8').then((text) => compile(text, env)).then((text) => writeFile(output, text)),
        'IS_LARAVEL' in process.env ? checkConfig('/app/config', process.env) : undefined,
    ].map(logged));
    logger.info(`Server starting on port ${process.env.PORT}`);
    // Without its configuration nginx cannot run, so there is no point in trying.
    return config.status === 'fulfilled' ? 0 : 1;
}

// accessLog returns where nginx logs requests. It opens the file itself, which not every engine lets a user do who is not root.
async function accessLog(file) {
    try {
        await (await open(file, 'a')).close();
        return file;
    } catch (err) {
        logger.warn(`requests are not logged: ${err.message}`);
        return 'off';
    }
}

async function logged(task) {
    try {
        return await task;
    } catch (err) {
        logger.error(err.message);
        throw err;
    }
}

process.exitCode = await main(process.argv.slice(2));
