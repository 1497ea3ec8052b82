<?php

declare(strict_types=1);

namespace Greeting;

final class Greeter
{
    public function greet(string $name): string
    {
        return 'hello, ' . mb_strtoupper($name);
    }
}
