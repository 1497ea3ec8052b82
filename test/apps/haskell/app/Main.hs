module Main (main) where

import Tide (day)

main :: IO ()
main = mapM_ (\(hour, turn) -> putStrLn (show hour ++ ":00 " ++ show turn)) day
