import express from 'express';

const app = express();
app.get('/health', (request, response) => response.json({ app: 'node-vite-express' }));
app.use(express.static('dist'));
app.listen(process.env.PORT ?? 3000, '0.0.0.0');
