<?php

declare(strict_types=1);

require __DIR__ . '/../vendor/autoload.php';

header('Content-Type: application/json');
echo json_encode([
    'app' => 'php',
    'greeting' => (new Greeting\Greeter())->greet('übung'),
    'sum' => bcadd('0.1', '0.2', 1),
    'path' => $_SERVER['REQUEST_URI'],
    'server' => PHP_SAPI,
], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), "\n";
