module Tide (Turn (..), day) where

data Turn = Rising | Falling
  deriving (Show)

-- | The tide turns each six hours.
day :: [(Int, Turn)]
day = zip [0, 6 .. 23] (cycle [Rising, Falling])
