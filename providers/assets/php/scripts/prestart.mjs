// Prepares the container for nginx: node prestart.mjs TEMPLATE OUTPUT
import { readFile, writeFile } from 'node:fs/promises';
import { compile } from './config/template.mjs';
import { checkConfig, openStorage } from './util/laravel.mjs';
import { Logger } from './util/logger.mjs';

const logger = new Logger('prestart');

async function main([template, output]) {
    if (!template || !output) {
        logger.error('usage: node prestart.mjs TEMPLATE OUTPUT');
        return 1;
    }
    const [config] = await Promise.allSettled([
        readFile(template, 'utf8').then(compile).then((text) => writeFile(output, text)),
        'IS_LARAVEL' in process.env ? checkConfig('/app/config', process.env) : undefined,
        openStorage('/app/storage'),
    ].map(logged));
    logger.info(`Server starting on port ${process.env.PORT}`);
    // Without its configuration nginx cannot run, so there is no point in trying.
    return config.status === 'fulfilled' ? 0 : 1;
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
